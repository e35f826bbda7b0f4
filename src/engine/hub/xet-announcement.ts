import { type Headers, headerList, headerValue } from '../http/header.ts';
import type { Endpoint } from './endpoint.ts';
import { isHubUrl } from './endpoint.ts';
import { isSha256 } from './etag.ts';
import { linkTargets } from './link-header.ts';
import type { XetAnnouncement } from './remote-file.ts';

/**
 * A mirror passes on the links of the Hub behind it; huggingface_hub replaces them with its own endpoint too
 * (`utils/_xet.py`).
 */
const HUB_ORIGINS: ReadonlySet<string> = new Set(['https://huggingface.co', 'https://hf.co']);

/**
 * Returns the Xet data in the headers of a resolve response; null when the file is not in Xet storage, or when its hash
 * or token URL is missing or invalid: then plain HTTP serves the file. The token URL is always on the configured Hub.
 */
export function xetAnnouncement(
  headers: Headers,
  answeredBy: URL,
  endpoint: Endpoint,
): XetAnnouncement | null {
  const hash = headerValue(headers, 'x-xet-hash')?.trim() ?? '';
  if (!isSha256(hash)) return null;
  const links = linkTargets(headerList(headers, 'link'));
  const route = links.get('xet-auth') ?? headerValue(headers, 'x-xet-refresh-route') ?? '';
  const tokenUrl = onTheHub(webUrl(route, answeredBy), endpoint);
  if (tokenUrl === null) return null;
  const reconstruction = webUrl(links.get('xet-reconstruction-info') ?? '', answeredBy);
  return { hash: hash.toLowerCase(), tokenUrl, reconstructionUrl: reconstruction?.href ?? null };
}

function webUrl(text: string, base: URL): URL | null {
  if (text === '' || !URL.canParse(text, base.href)) return null;
  const url = new URL(text, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}

/**
 * The user's token is sent with the request for a Xet token, so the request goes to the configured Hub and nowhere
 * else.
 */
function onTheHub(url: URL | null, endpoint: Endpoint): string | null {
  if (url === null) return null;
  if (isHubUrl(endpoint, url.href)) return url.href;
  return HUB_ORIGINS.has(url.origin) ? `${endpoint.url}${url.pathname}${url.search}` : null;
}
