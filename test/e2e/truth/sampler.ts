import type { Snapshot } from '../../../src/shared/contract/commands.ts';
import type { Hub } from '../../hub/hub.ts';
import type { TestApp } from '../app.ts';
import { readText, type Said } from './read-text.ts';

/** A place with a bar: a row of Downloads, or a card of Discover. */
export interface BarSample extends Said {
  readonly name: string;
  readonly text: string;
  /** Of its progress bar, for a screen reader. */
  readonly spoken: Said;
  readonly valueNow: number | null;
}

/** A card of Discover. */
export interface CardSample extends BarSample {
  /** The segment that is chosen, as a screen reader has it; null where there is no choice. */
  readonly chosen: string | null;
}

/** What all places of the app showed at one moment, and what the Hub had sent by then. */
export interface Sample {
  /** Milliseconds, as `performance.now()`. */
  readonly at: number;
  /** How long the look took, in milliseconds: what is seen may be older by that. */
  readonly tookMs: number;
  readonly sentBytes: number;
  /** Null while another section than Downloads is shown. */
  readonly rows: readonly BarSample[] | null;
  /** Null while another section than Discover is shown. */
  readonly cards: readonly CardSample[] | null;
  /** Totals at the foot of the sidebar; null while they are not there. */
  readonly sidebar: Said | null;
  /** Beside the title of Downloads; null elsewhere. */
  readonly header: Said | null;
  /** Speeds of the connections in the inspector; null while it is closed. */
  readonly connections: readonly number[] | null;
  /** First line of the menu of the menu bar icon. */
  readonly tray: Said;
  /** Share of the taskbar's or the Dock's bar; −1 without one. */
  readonly taskbar: number;
  readonly engine: Snapshot['downloads'];
}

const INTERVAL_MS = 250;
/** A call to an app that is ending is never answered. */
const LOOK_TIMEOUT_MS = 2000;

/** Looks every 250 ms until it is ended. */
export interface Sampler extends AsyncDisposable {
  readonly samples: readonly Sample[];
}

/** Starts looking at an app. A moment in which the app is not there, because it is started again, has no sample. */
export function startSampler(app: TestApp, hub: Hub): Sampler {
  const samples: Sample[] = [];
  let isEnded = false;
  const running = (async () => {
    while (!isEnded) {
      const began = performance.now();
      const sample = await Promise.race([look(app, hub, began).catch(() => null), after(LOOK_TIMEOUT_MS)]);
      if (sample !== null) samples.push(sample);
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, began + INTERVAL_MS - performance.now())),
      );
    }
  })();
  return {
    samples,
    [Symbol.asyncDispose]: async () => {
      isEnded = true;
      await running;
    },
  };
}

const after = (ms: number) => new Promise<null>((resolve) => setTimeout(() => resolve(null), ms));

/** Bytes of file contents that the Hub has handed to its sockets. */
export function sentBytes(hub: Hub): number {
  return hub.requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

async function look(app: TestApp, hub: Hub, began: number): Promise<Sample> {
  const [page, main, { downloads }] = await Promise.all([
    app.page.evaluate(readPage),
    app.app.evaluate(readMain),
    app.call('snapshot', {}),
  ]);
  const at = performance.now();
  return {
    at,
    tookMs: at - began,
    sentBytes: sentBytes(hub),
    rows: page.rows?.map(withSaid) ?? null,
    cards: page.cards?.map((card) => ({ ...withSaid(card), chosen: card.chosen })) ?? null,
    sidebar: page.sidebar === null ? null : readText(page.sidebar),
    header: page.header === null ? null : readText(page.header),
    connections: page.connections?.map((text) => readText(text).bytesPerSecond ?? 0) ?? null,
    tray: readText(main.headline),
    taskbar: main.share,
    engine: downloads,
  };
}

/** A place as the page has it. */
interface RawBar {
  readonly name: string;
  readonly text: string;
  readonly valueText: string;
  readonly valueNow: string | null;
}

function withSaid({ name, text, valueText, valueNow }: RawBar): BarSample {
  return {
    name,
    text,
    ...readText(text),
    spoken: readText(valueText),
    valueNow: valueNow === null ? null : Number(valueNow),
  };
}

/** Runs in the page. */
async function readPage() {
  const textOf = (element: Element | null | undefined) => (element as HTMLElement | null)?.innerText ?? '';
  const rowsNow = () => [...document.querySelectorAll('main li[data-row]')];
  // A row that takes another shape has no text until its first frame (`content-visibility`); people see frames.
  for (let frame = 0; frame < 5 && rowsNow().some((row) => textOf(row) === ''); frame += 1)
    await new Promise((resolve) => requestAnimationFrame(resolve));
  const barOf = (element: Element, name: string) => {
    const bar = element.querySelector('[role=progressbar]');
    return {
      name,
      text: textOf(element),
      valueText: bar?.getAttribute('aria-valuetext') ?? '',
      valueNow: bar?.getAttribute('aria-valuenow') ?? null,
    };
  };
  const section = textOf(document.querySelector('main h1'));
  const isDownloads = section === 'Downloads';
  const totals = document.querySelector('[role=progressbar][aria-label="All downloads"]')?.parentElement;
  const inspector = document.querySelector('aside, [role=complementary]');
  const connections = inspector?.querySelectorAll('li:has([title])');
  const cards = [...document.querySelectorAll('main li:has(h2)')].map((card) => ({
    ...barOf(card, textOf(card.querySelector('h2'))),
    chosen: card.querySelector('[role=radio][aria-checked=true]')?.getAttribute('aria-label') ?? null,
  }));
  return {
    rows: isDownloads ? rowsNow().map((row) => barOf(row, row.getAttribute('aria-label') ?? '')) : null,
    cards: section === 'Discover' ? cards : null,
    sidebar: totals ? textOf(totals) : null,
    header: isDownloads ? textOf(document.querySelector('main header')) : null,
    connections: connections ? [...connections].map(textOf) : null,
  };
}

/** Runs in main. */
function readMain() {
  const { haulyardForTests } = globalThis as unknown as {
    haulyardForTests: { trayMenu: unknown; taskbar: () => { share: number } };
  };
  const { trayMenu } = haulyardForTests;
  const menu = (typeof trayMenu === 'function' ? trayMenu() : trayMenu) as { items: { label: string }[] };
  return { headline: menu.items[0]?.label ?? '', share: haulyardForTests.taskbar().share };
}
