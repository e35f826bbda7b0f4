import type { RequestRecord } from '../http/request-log.ts';
import type { FaultMatch } from './fault.ts';

/** True when a request is one of those that are meant; `nth` is not looked at. */
export function matches(match: FaultMatch, record: RequestRecord): boolean {
  const { origin, method, path, repo, file, rangeStart, covers, where } = match;
  return (
    (origin === undefined || origin === record.origin) &&
    (method === undefined || method === record.method) &&
    (path === undefined || fitsPath(path, record.path)) &&
    (repo === undefined || repo === record.repo) &&
    (file === undefined || file === record.file) &&
    (rangeStart === undefined || rangeStart === (record.range?.start ?? 0)) &&
    (covers === undefined || coversOffset(record, covers)) &&
    (where === undefined || where(record))
  );
}

function fitsPath(expected: string | RegExp, path: string): boolean {
  return typeof expected === 'string' ? expected === path : path.search(expected) >= 0;
}

function coversOffset({ range }: RequestRecord, offset: number): boolean {
  return range === null || (range.start <= offset && offset <= range.end);
}
