/**
 * Returns the content hash in an `ETag` or `X-Linked-ETag` of the Hub: 40 hex digits (git SHA-1 of a small file) or 64
 * (SHA-256 of an LFS file), in lower case. Null for any other tag. A leading `W/` and the quotes are dropped, as the
 * Hugging Face tools do. Only tags of 2xx and 3xx responses are meaningful: error responses carry one too.
 */
export function etagHash(value: string | undefined): string | null {
  const tag = (value ?? '')
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
  return isGitSha1(tag) || isSha256(tag) ? tag.toLowerCase() : null;
}

/** 40 hex digits, as of a commit or a git blob. */
export function isGitSha1(text: string): boolean {
  return /^[0-9a-f]{40}$/i.test(text);
}

/** 64 hex digits. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}
