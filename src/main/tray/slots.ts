/** Slots of the menu, from the top; each holds the id of a download, or null. */
export type Slots = ReadonlyArray<string | null>;

/** Downloads that the menu has room for; the rest are in the window. */
export const SLOT_COUNT = 10;

/**
 * Assigns downloads to slots. While the menu is open nothing moves: an item that changed its meaning under the pointer
 * would pause the wrong download. New ones then take free slots only.
 */
export function assignSlots(previous: Slots, wanted: readonly string[], isOpen: boolean): Slots {
  if (!isOpen) return Array.from({ length: SLOT_COUNT }, (_, index) => wanted[index] ?? null);
  const fresh = wanted.filter((id) => !previous.includes(id));
  // A slot whose download is gone stays empty until the menu closes.
  return Array.from({ length: SLOT_COUNT }, (_, index) => previous[index] ?? fresh.shift() ?? null);
}
