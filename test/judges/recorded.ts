import type { RequestRecord } from '../hub/http/request-log.ts';

/** A request without what differs from run to run, from machine to machine, and from version to version. */
export interface RecordedRequest {
  readonly server: 'hub' | 'cdn';
  readonly method: string;
  /** Repository, commit, path and hashes are names in braces. */
  readonly path: string;
  /** Names and values of the query; of signed and opaque addresses nothing. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Values that do not identify the request. */
const VALUES: Readonly<Record<string, string>> = {
  host: '<host>',
  'user-agent': '<user agent>',
  'x-amzn-trace-id': '<uuid>',
  'content-length': '<bytes>',
};
/** Pieces of a path that name something, by their form. */
const PIECES: ReadonlyArray<readonly [RegExp, string]> = [
  [/(?<=\/)[0-9a-f]{64}(?=\/|$)/g, '{hash}'],
  [/(?<=\/)[0-9a-f]{40}(?=\/|$)/g, '{commit}'],
  [/(?<=\/)[0-9a-f]{24}(?=\/|$)/g, '{repository}'],
  [/(\/(?:resolve|raw|resolve-cache\/models\/\{repo\})\/[^/]+)\/.+$/, '$1/{path}'],
  [/(\/resolve-cache\/models\/\{repo\}\/[^/]+)\/.+$/, '$1/{path}'],
];

/** What a program asked, each different request once, sorted. */
export function recorded(requests: readonly RequestRecord[]): readonly RecordedRequest[] {
  const byText = new Map(requests.map(normalised).map((request) => [JSON.stringify(request), request]));
  return [...byText].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, request]) => request);
}

/** The same as the text of a file. */
export function recordedText(requests: readonly RequestRecord[]): string {
  return `${JSON.stringify(recorded(requests), null, 2)}\n`;
}

/** For a program whose version the machine decides: of its headers only those that the Hub's answer depends on. */
export function recordedShape(requests: readonly RequestRecord[]): string {
  const bare = requests.map(({ headers: { range }, ...rest }) => ({
    ...rest,
    headers: range === undefined ? {} : { range },
  }));
  return recordedText(bare);
}

function normalised({ origin, method, url, path, repo, headers }: RequestRecord): RecordedRequest {
  const isOpaque = origin === 'cdn' || path.startsWith('/api/resolve-cache/');
  const query = isOpaque
    ? ''
    : decodeURIComponent(url.slice(path.length + 1)).replace(/cursor=[^&]*/, 'cursor=<cursor>');
  return {
    server: origin,
    method,
    path: pathPattern(path, repo),
    query,
    headers: Object.fromEntries(
      Object.entries(headers)
        .map(([name, value]) => [name, headerPattern(name, value)] as const)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
  };
}

function pathPattern(path: string, repo: string | null): string {
  const named = repo === null ? path : decodeURIComponent(path).replace(repo, '{repo}');
  return PIECES.reduce((text, [pattern, name]) => text.replace(pattern, name), named);
}

function headerPattern(name: string, value: string): string {
  if (name === 'range') return value.replace(/\d{2,}|[1-9]/g, 'N');
  if (name === 'authorization') return value.replace(/ .*/, ' <secret>');
  return VALUES[name] ?? value;
}
