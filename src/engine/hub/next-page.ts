import { AppError } from '../../shared/contract/errors.ts';
import { linkTargets } from './link-header.ts';

/**
 * Returns the next page of a list, from `Link: <URL>; rel="next"`, or null on the last one. The URL may be relative.
 * The request stays on its host: from a URL on another host only the query (the cursor) is taken, because a mirror may
 * pass on the links of the Hub behind it.
 *
 * Throws `ServerError` when the link is not a URL.
 */
export function nextPage(current: URL, link: string | undefined): URL | null {
  const target = linkTargets(link).get('next');
  if (target === undefined) return null;
  if (!URL.canParse(target, current.href)) {
    throw new AppError('ServerError', `${current.host} gave a list whose next page has no valid address.`);
  }
  const next = new URL(target, current);
  if (next.origin === current.origin) return next;
  const here = new URL(current);
  here.search = next.search;
  return here;
}
