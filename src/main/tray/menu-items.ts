import type { MenuItemConstructorOptions } from 'electron';
import { LIMIT_CHOICES, otherLimit } from './limits.ts';
import type { TrayModel, TrayRow } from './tray-model.ts';
import { trayWords } from './words.ts';

/** Actions of the items. Slots are resolved when one is clicked, so that a menu can be built once. */
export interface TrayActions {
  pause(slot: number): void;
  resume(slot: number): void;
  cancel(slot: number): void;
  show(slot: number): void;
  showDownloads(): void;
  pauseAll(): void;
  resumeAll(): void;
  /** Bytes per second; null removes the limit. */
  limit(bytesPerSecond: number | null): void;
  open(): void;
  settings(): void;
  quit(): void;
}

/** Properties of an item that may change while the menu exists. */
export interface ItemState {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
}

/** The whole menu, built once. */
export function trayTemplate(model: TrayModel, actions: TrayActions): MenuItemConstructorOptions[] {
  const states = itemStates(model);
  const item = (id: string, rest: MenuItemConstructorOptions): MenuItemConstructorOptions => ({
    id,
    ...rest,
    ...states.get(id),
  });
  const slot = (_row: TrayRow | null, index: number) =>
    item(`slot-${index}`, {
      submenu: [
        item(`slot-${index}-pause`, { label: trayWords.pause, click: () => actions.pause(index) }),
        item(`slot-${index}-resume`, { label: trayWords.resume, click: () => actions.resume(index) }),
        item(`slot-${index}-cancel`, { label: trayWords.cancel, click: () => actions.cancel(index) }),
        { type: 'separator' },
        item(`slot-${index}-show`, { label: trayWords.show, click: () => actions.show(index) }),
      ],
    });
  const limits = LIMIT_CHOICES.map((limit) =>
    item(limitId(limit), {
      label: limit === null ? trayWords.noLimit : trayWords.limit(limit),
      type: 'radio',
      click: () => actions.limit(limit),
    }),
  );
  return [
    item('headline', { enabled: false }),
    { type: 'separator' },
    ...model.rows.map(slot),
    item('more', { click: actions.showDownloads }),
    item('rows-end', { type: 'separator' }),
    item('pause-all', { label: trayWords.pauseAll, click: actions.pauseAll }),
    item('resume-all', { label: trayWords.resumeAll, click: actions.resumeAll }),
    item('limit', {
      label: trayWords.limitSpeed,
      // Active, but none of the choices: it was set elsewhere. Choosing it again changes nothing.
      submenu: [...limits, item('limit-other', { type: 'radio' })],
    }),
    { type: 'separator' },
    item('open', { label: trayWords.open, click: actions.open }),
    item('settings', { label: trayWords.settings, click: actions.settings }),
    { type: 'separator' },
    item('quit', { label: trayWords.quit, click: actions.quit }),
  ];
}

/** Returns the current state of each changing item, by its id. */
export function itemStates(model: TrayModel): ReadonlyMap<string, ItemState> {
  const other = otherLimit(model.limit);
  const rows = model.rows.flatMap(
    (row, index): Array<[string, ItemState]> => [
      [`slot-${index}`, { label: literal(row?.label ?? ''), visible: row !== null }],
      [`slot-${index}-pause`, { visible: row?.canPause ?? false }],
      [`slot-${index}-resume`, { visible: row?.canResume ?? false }],
    ],
  );
  return new Map<string, ItemState>([
    ['headline', { label: literal(model.headline) }],
    ...rows,
    ['more', { label: trayWords.more(model.more), visible: model.more > 0 }],
    ['rows-end', { visible: model.more > 0 || model.rows.some((row) => row !== null) }],
    ['pause-all', { enabled: model.canPauseAll }],
    ['resume-all', { enabled: model.canResumeAll }],
    ...LIMIT_CHOICES.map((limit): [string, ItemState] => [
      limitId(limit),
      { checked: limit === model.limit },
    ]),
    ['limit-other', otherState(other)],
  ]);
}

function otherState(other: number | null): ItemState {
  if (other === null) return { label: '', visible: false, checked: false };
  return { label: trayWords.limit(other), visible: true, checked: true };
}

function limitId(limit: number | null): string {
  return limit === null ? 'limit-off' : `limit-${limit / 1_000_000}`;
}

/** Menus take a single `&` for the mark of an access key. */
function literal(text: string): string {
  return text.replaceAll('&', '&&');
}
