import type { PageRequest } from '../../../shared/contract/bridge.ts';

/** The parts of a key press that matter. */
export interface KeyPress {
  /** `KeyboardEvent.code`: the position of the key, so that ⌥ does not change what it is. */
  readonly code: string;
  /** `KeyboardEvent.key`, for keys that have a meaning and no fixed position. */
  readonly key: string;
  readonly hasMain: boolean;
  readonly hasAlt: boolean;
  readonly hasShift: boolean;
  /** True when the target handles the key itself: text being typed, a button pressed by Space. */
  readonly target: 'text' | 'control' | 'page';
}

/** What a key requests; `toggle-all` is not a request of a menu but of the keyboard alone. */
export type KeyRequest = PageRequest | { readonly do: 'toggle-all' };

const SECTION_KEYS: Readonly<Record<string, PageRequest>> = {
  '1': { do: 'show', section: 'discover' },
  '2': { do: 'show', section: 'downloads' },
  '3': { do: 'show', section: 'library' },
  ',': { do: 'show', section: 'settings' },
  l: { do: 'paste-link' },
  n: { do: 'paste-link' },
  f: { do: 'find' },
};

/** The shortcuts of the window: ⌘1-3, ⌘, ⌘L ⌘N ⌘F ⌥⌘I ⌥⌘R ⌘⌫ Space ⌥Space. Null for any other key. */
export function keyRequest(press: KeyPress): KeyRequest | null {
  if (press.hasShift) return null;
  if (press.hasMain) return press.hasAlt ? withBoth(press) : withMain(press);
  if (press.code !== 'Space' || press.target !== 'page') return null;
  return press.hasAlt ? { do: 'toggle-all' } : { do: 'toggle-selected' };
}

function withBoth({ code }: KeyPress): KeyRequest | null {
  if (code === 'KeyI') return { do: 'toggle-inspector' };
  return code === 'KeyR' ? { do: 'verify-selected' } : null;
}

function withMain({ key, target }: KeyPress): KeyRequest | null {
  // ⌘⌫ in a text deletes the line.
  if (key === 'Backspace') return target === 'text' ? null : { do: 'remove-selected' };
  const name = key.toLowerCase();
  return Object.hasOwn(SECTION_KEYS, name) ? (SECTION_KEYS[name] ?? null) : null;
}
