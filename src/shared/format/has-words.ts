/** True when `text` has every word of `search`, in any order and in any case. An empty search is in every text. */
export function hasWords(text: string, search: string): boolean {
  const within = text.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
