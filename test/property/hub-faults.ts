import * as fault from '../hub/faults/constructors.ts';
import type { ActiveFault, FaultActions, FaultMatch } from '../hub/faults/fault.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';
import type { Hub } from '../hub/hub.ts';
import type { Asked, Scenario, Trouble } from './scenario.ts';

/** True for a request for the bytes of a file: at the CDN, or at the Hub for a git file. Asking where it is does not count. */
export function asksForContent({ origin, method, path }: RequestRecord): boolean {
  return origin === 'cdn' || (method === 'GET' && path.startsWith('/api/resolve-cache/'));
}

const MATCHES: Readonly<Record<Asked, FaultMatch>> = {
  content: { where: asksForContent },
  location: { path: /\/resolve\// },
  list: { path: /^\/api\/models\// },
};

/** Puts the faults of a scenario in place. Returns those that damage a file in flight, by its path. */
export function addFaults(
  hub: Hub,
  { faults, flips, files }: Scenario,
): ReadonlyMap<string, readonly ActiveFault[]> {
  for (const { asked, nth, times, trouble } of faults) {
    hub.faults.add({ match: { ...MATCHES[asked], nth }, times, ...actionsOf(trouble) });
  }
  const active = flips.flatMap(({ file, at, nth }) => {
    const index = file % files.length;
    const size = files[index]?.size ?? 0;
    if (size === 0) return [];
    const offset = Math.min(size - 1, Math.floor(at * size));
    const match = { file: pathOf(index), covers: offset, where: asksForContent, nth };
    return [{ path: pathOf(index), flip: hub.faults.add({ match, ...fault.flipBytes(offset) }) }];
  });
  const byPath = Map.groupBy(active, ({ path }) => path);
  return new Map([...byPath].map(([path, entries]) => [path, entries.map(({ flip }) => flip)]));
}

/** Where the n-th file of a scenario lies in its repository. */
export function pathOf(index: number): string {
  return index % 2 === 0 ? `file-${index}.bin` : `parts/file ${index}.bin`;
}

function actionsOf(trouble: Trouble): FaultActions {
  switch (trouble.kind) {
    case 'cut':
      return fault.cutAfterBytes(trouble.bytes, { reset: trouble.reset });
    case 'cut before headers':
      return fault.cutBeforeHeaders();
    case 'stall before headers':
      return fault.stallBeforeHeaders(trouble.ms);
    case 'stall after headers':
      return fault.stallAfterHeaders(trouble.ms);
    case 'stall':
      return fault.stallAfterBytes(trouble.bytes, trouble.ms);
    case 'too many requests':
      // No "try now" skips what a server asked for, so it asks for little.
      return trouble.html ? fault.rateLimited(2) : fault.tooManyRequests(1);
    case 'server error':
      return fault.serverError(trouble.status);
    case 'shifted range':
      return fault.shiftContentRange(trouble.bytes);
    case 'wrong total':
      return fault.wrongTotal(trouble.total);
    case 'whole body':
      return fault.wholeBodyForRange();
    case 'refused range':
      return fault.refuseRange();
    case 'short body':
      return fault.shortBody(trouble.bytes, trouble.told);
    case 'expired URL':
      return fault.expiredUrl();
    case 'sign-in page':
      return fault.loginPage();
    case 'gzip':
      return fault.gzipBody();
    case 'redirect to itself':
      return fault.redirectLoop();
  }
}
