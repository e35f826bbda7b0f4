import { redact } from '../errors/redact.ts';
import { type Headers, headerValue, isHtml } from './header.ts';

const MAX_CHARACTERS = 200;
const MAX_BODY_CHARACTERS = 16_384;

/**
 * Returns a server's error text, in at most 200 printable characters without secrets; empty when there is none. Looks
 * in `X-Error-Message`, a JSON body (`error`, `error_description`, `errors[].message`, as sent by the Hub), the `Code`
 * and `Message` of an XML body (storage servers), and a plain body. HTML is ignored.
 */
export function responseText(headers: Headers, body: string): string {
  const header = printable(headerValue(headers, 'x-error-message') ?? '');
  return header === '' ? printable(bodyText(headers, body.slice(0, MAX_BODY_CHARACTERS).trim())) : header;
}

function bodyText(headers: Headers, body: string): string {
  if (body.startsWith('{')) return jsonText(body);
  if (isHtml(headers) || /^<(!doctype html|html)/i.test(body)) return '';
  if (body.startsWith('<')) return xmlText(body);
  return body;
}

function jsonText(body: string): string {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) return body;
  const { error, error_description: description, errors } = value as Record<string, unknown>;
  const parts = [error, description, ...(Array.isArray(errors) ? errors.map(messageOf) : [])];
  return parts
    .flat()
    .filter((part) => typeof part === 'string')
    .join('. ');
}

function messageOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'message' in entry ? entry.message : entry;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function xmlText(body: string): string {
  const parts = ['Code', 'Message'].map(
    (tag) => new RegExp(`<${tag}>([^<]{1,300})</${tag}>`).exec(body)?.[1] ?? '',
  );
  return parts.filter((part) => part !== '').join(': ');
}

/** One line without control characters or text-direction marks, redacted before it is truncated. */
function printable(text: string): string {
  const line = redact(text)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\uFFFD]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…` : line;
}
