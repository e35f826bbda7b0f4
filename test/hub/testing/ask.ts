import { type IncomingHttpHeaders, request } from 'node:http';

/** What came back, complete or not. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Why the answer is not complete; null when it is. */
  readonly error: Error | null;
  /** Milliseconds from the request to the end of the answer. */
  readonly tookMs: number;
}

/** What {@link ask} sends. */
export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Gives up after so many milliseconds of silence. */
  readonly silenceMs?: number;
}

/** One request as it is, without following redirects or decoding; keeps what was received before an error. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body, silenceMs }: Question = {},
): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const blocks: Buffer[] = [];
    let head = { status: 0, headers: {} as IncomingHttpHeaders };
    const end = (error: Error | null) =>
      resolve({ ...head, body: Buffer.concat(blocks), error, tookMs: performance.now() - startedAt });
    const asking = request(url, { method, headers, agent: false }, (response) => {
      head = { status: response.statusCode ?? 0, headers: response.headers };
      response.on('data', (block: Buffer) => blocks.push(block));
      response.once('error', end);
      response.once('end', () => end(null));
    });
    asking.once('error', end);
    if (silenceMs !== undefined) asking.setTimeout(silenceMs, () => asking.destroy(new Error('silence')));
    asking.end(body);
  });
}

/** The Location of a resolve URL. */
export async function locate(hubUrl: string, repo: string, path: string, revision = 'main'): Promise<string> {
  const { headers } = await ask(`${hubUrl}/${repo}/resolve/${revision}/${path}`);
  return new URL(headers.location ?? '', hubUrl).href;
}
