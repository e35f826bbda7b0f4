import { bytesContent } from '../content/bytes.ts';
import type { BlockReader, Content } from '../content/content.ts';

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** What is sent after the headers. */
export interface Body {
  /** Offset of the first byte in the whole content. */
  readonly start: number;
  /** Number of bytes; null when it is not known before the end. */
  readonly length: number | null;
  open(): BlockReader;
}

/** A response, before faults and network conditions are applied. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** Size of the whole file when the body is file content, else null. */
  readonly fileSize: number | null;
}

/** The bytes of a content from `start` up to, not including, `end`. */
export function bodyOf(content: Content, start = 0, end = content.size): Body {
  return { start, length: end - start, open: () => content.open(start, end) };
}

/** An answer with a short text. */
export function textReply(status: number, text: string, headers: Headers = {}): Reply {
  const content = bytesContent(Buffer.from(text));
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(content.size),
      ...headers,
    },
    body: bodyOf(content),
    fileSize: null,
  };
}

/** An answer with a JSON value. */
export function jsonReply(status: number, value: unknown, headers: Headers = {}): Reply {
  return textReply(status, JSON.stringify(value), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** The reply with headers added or, with null, taken away. */
export function withHeaders(reply: Reply, changes: Readonly<Record<string, string | null>>): Reply {
  const headers: Record<string, string> = { ...reply.headers };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  return { ...reply, headers };
}
