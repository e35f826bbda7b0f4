const MAX_URL_CHARACTERS = 2000;

/**
 * Removes what must not reach a message, a log or the ledger: queries of URLs (a signature), user names and passwords
 * in URLs, `Bearer`/`Basic` credentials and Hugging Face tokens.
 */
export function redact(text: string): string {
  return text
    .replace(/\bhttps?:\/\/[^\s"'<>]+/gi, bareUrl)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …')
    .replace(/\bhf_\w+/g, 'hf_…')
    .replace(/\b(signature|x-amz-[a-z-]+|key-pair-id|policy|sig|token)=[^\s&"'<>]+/gi, '$1=…');
}

/** Returns the host (with its port) of a URL for use in a sentence; a placeholder when the text is not a URL. */
export function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : 'the server';
}

function bareUrl(url: string): string {
  if (url.length > MAX_URL_CHARACTERS || !URL.canParse(url)) return '[address]';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Shorter strings would match everywhere. */
const MIN_SECRET_CHARACTERS = 6;

/**
 * Removes the credentials of an `Authorization` header, both as they are and percent-encoded: gateway tokens can look
 * like anything, and a server may repeat what it was sent.
 */
export function withoutCredentials(text: string, authorization: string | undefined): string {
  const secret = authorization?.slice(authorization.indexOf(' ') + 1).trim() ?? '';
  if (secret.length < MIN_SECRET_CHARACTERS) return text;
  return [secret, encodeURIComponent(secret), encodeURI(secret)].reduce(
    (clean, form) => clean.replaceAll(form, '…'),
    text,
  );
}
