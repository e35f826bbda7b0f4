/**
 * Characters that are invisible, or change the reading direction of what follows: controls, line separators,
 * bidirectional marks, zero-width characters, fillers, tags (Unicode 17, and UTS #39 on confusable names).
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single characters that join others are what is looked for.
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\u{E0000}-\u{E007F}]/gu;

/** Spells out the invisible characters of an external name: `a⟨U+202E⟩gpj.exe`. Leaves other text as it is. */
export function visibleText(text: string): string {
  return text.replaceAll(
    UNSEEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}
