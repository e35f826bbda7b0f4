/** Response headers as undici gives them: lower-case names, an array when a header came more than once. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The first value of a header, `undefined` when absent. `name` in lower case. */
export function headerValue(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** All values of a header that may be a list, joined as RFC 9110 section 5.3 allows. */
export function headerList(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** True when the content type says HTML. */
export function isHtml(headers: Headers): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(headerValue(headers, 'content-type') ?? '');
}
