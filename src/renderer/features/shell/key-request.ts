import type { PageRequest } from '../../../shared/contract/bridge.ts';

/** What of a key press matters here. */
export interface KeyPress {
  /** `KeyboardEvent.code`: the place of the key, so that ⌥ does not change what it is. */
  readonly code: string;
  /** `KeyboardEvent.key`, for those that have a meaning and no fixed place. */
  readonly key: string;
  readonly hasMain: boolean;
  readonly hasAlt: boolean;
  readonly hasShift: boolean;
  /** The key goes to something that makes use of it itself: text that is written, a button that is pressed by Space. */
  readonly target: 'text' | 'control' | 'page';
}

/** What a key asks for; `toggle-all` is no request of a menu but of the keyboard alone. */
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
