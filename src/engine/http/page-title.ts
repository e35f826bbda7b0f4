import { redact } from '../errors/redact.ts';

const MAX_CHARACTERS = 120;

/**
 * Returns the title of a web page, or its first heading, in at most 120 printable characters; empty when there is none.
 */
export function pageTitle(html: string): string {
  const [, title = ''] = /<title\b[^>]*>([\s\S]{0,2000}?)<\/title>/i.exec(html) ?? [];
  const [, heading = ''] = /<h1\b[^>]*>([\s\S]{0,2000}?)<\/h1>/i.exec(html) ?? [];
  return printable(title) || printable(heading);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  apos: "'",
};

function printable(text: string): string {
  const plain = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|apos|#39);/g, (_, name: string) => ENTITIES[name] ?? "'");
  const line = redact(plain)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\uFFFD]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…` : line;
}
