/**
 * Characters that cannot be seen but change the meaning: controls, direction marks, soft hyphens, zero widths, line
 * separators.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** No desktop shows more. */
const MAX_CHARACTERS = 300;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Returns a notification's body as plain text. Parts of it may come from a server, and desktops on Linux parse the body
 * as markup, with links and pictures. Source: Desktop Notifications Specification, "Markup",
 * https://specifications.freedesktop.org/notification-spec/latest/markup.html
 */
export function plainBody(text: string, platform: NodeJS.Platform): string {
  const seen = plainTitle(text);
  return platform === 'linux' ? seen.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '') : seen;
}

/** A title is text on every desktop; only invisible characters are removed. */
export function plainTitle(text: string): string {
  const seen = text.replace(INVISIBLE, ' ').trim();
  return seen.length > MAX_CHARACTERS ? `${seen.slice(0, MAX_CHARACTERS - 1)}…` : seen;
}
