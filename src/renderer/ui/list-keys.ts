/** What a key on a row of a list does: go to another row, or show this one. Other keys belong to the window. */
export type ListKey = 'next' | 'previous' | 'first' | 'last' | 'show';

/** The parts of a key press that matter. */
interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
}

const KEYS: Readonly<Record<string, ListKey>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'show',
};

/** Returns null for keys that are not the list's. */
export function listKeyOf({ key, altKey, metaKey, ctrlKey, shiftKey }: Pressed): ListKey | null {
  if (altKey || metaKey || ctrlKey || shiftKey) return null;
  return Object.hasOwn(KEYS, key) ? (KEYS[key] ?? null) : null;
}

/** Moves the focus to another row inside `lists`, in display order. A row has the attribute `data-row`. */
export function walk(lists: Element, from: HTMLElement, to: Exclude<ListKey, 'show'>): void {
  const rows = [...lists.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(from);
  const index = { next: at + 1, previous: at - 1, first: 0, last: rows.length - 1 }[to];
  rows[index]?.focus();
}
