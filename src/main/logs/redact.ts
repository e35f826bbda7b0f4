/** Longer texts are truncated: no log line needs them, and patterns on them cost time. */
const MAX_CHARACTERS = 20_000;

/**
 * Removes what must not reach a log file: the query and credentials of URLs (signed URLs carry their signature in the
 * query), `Bearer` and `Basic` credentials, Hugging Face tokens (`hf_…`), and values of signature parameters on their
 * own.
 */
export function redact(text: string): string {
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)} …` : text;
  return cut
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]*@/gi, '$1')
    .replace(/\b(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi, '$1')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …')
    .replace(/\bhf_\w+/g, 'hf_…')
    .replace(/\b(signature|x-amz-[a-z-]+|key-pair-id|policy|sig|token)=[^\s&"'<>]+/gi, '$1=…');
}
