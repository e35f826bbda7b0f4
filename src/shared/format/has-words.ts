/** True when `text` has every word of `search`, in any order, ignoring case. An empty search matches every text. */
export function hasWords(text: string, search: string): boolean {
  const within = text.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
