import type { Dispatcher } from 'undici';
import { AppError } from '../../../shared/contract/errors.ts';
import { classify } from '../../errors/classify.ts';
import type { BorrowingHandler } from '../../http/borrowed-bytes.ts';
import { type Headers, headerValue } from '../../http/header.ts';
import { MAX_REDIRECTS, nextUrl, tooManyRedirects } from '../../http/redirect.ts';
import { statusError } from '../../http/status-error.ts';
import type { RangeSink } from '../source.ts';
import type { HttpSession } from './http-session.ts';
import { type ExpectedRange, rangeIgnored, refuseResponse, wrongSize } from './range-response.ts';
import { StallTimer } from './stall-timer.ts';

/** Part of an error page that is read for its message; the rest is dropped. */
const ERROR_BODY_BYTES = 4096;
/** Time for a body to end after its last wanted byte, so that its connection can be reused. */
const LINGER_MS = 250;

export interface RangeRequest extends ExpectedRange {
  readonly url: string;
}

export interface FetchRangeDeps extends HttpSession {
  /** Longest silence tolerated now, in milliseconds. */
  readonly stallTimeoutMs: () => number;
  /** True for a server that may send nobody elsewhere. */
  readonly refusesRedirects?: boolean;
}

/**
 * Fetches one range into `sink`. Resolves when the sink is full; rejects with an `AppError` after delivering whatever
 * good prefix arrived. No byte is delivered before the header test passed. Redirects are followed manually, so that the
 * token never leaves the Hub.
 */
export async function fetchRange(
  request: RangeRequest,
  sink: RangeSink,
  deps: FetchRangeDeps,
  signal: AbortSignal,
): Promise<void> {
  const start = new URL(request.url);
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const location = await fetchOnce(url, request, sink, deps, signal);
    if (location === null) return;
    if (deps.refusesRedirects === true) throw redirected(start);
    url = nextUrl(url, location);
  }
  throw tooManyRedirects(start);
}

/** Makes one request. Resolves to null when the sink is full, or to the `Location` of a redirect. */
function fetchOnce(
  url: URL,
  request: RangeRequest,
  sink: RangeSink,
  deps: FetchRangeDeps,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(url, request, sink, deps, signal, resolve, reject);
    exchange.start();
  });
}

/** The life of one request: from dispatch to the first of success, error, stall or abort. */
class Exchange implements BorrowingHandler {
  readonly borrowsBytes = true;
  readonly #url: URL;
  readonly #request: RangeRequest;
  readonly #sink: RangeSink;
  readonly #deps: FetchRangeDeps;
  readonly #signal: AbortSignal;
  readonly #resolve: (location: string | null) => void;
  readonly #reject: (error: AppError) => void;
  readonly #stall: StallTimer;
  #controller: Dispatcher.DispatchController | null = null;
  #settled = false;
  /** Runs while waiting for the end of a body whose wanted bytes have all arrived. */
  #linger: NodeJS.Timeout | null = null;
  /** Remaining bytes of the body, according to its headers. */
  #bodyBytes = 0;
  /** Set for an error status: the page is read for its message. */
  #refused: { status: number; headers: Headers; body: Buffer[]; bytes: number } | null = null;

  constructor(
    url: URL,
    request: RangeRequest,
    sink: RangeSink,
    deps: FetchRangeDeps,
    signal: AbortSignal,
    resolve: (location: string | null) => void,
    reject: (error: AppError) => void,
  ) {
    this.#url = url;
    this.#request = request;
    this.#sink = sink;
    this.#deps = deps;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#stall = new StallTimer(deps.stallTimeoutMs, (silentMs) => this.#broke(stalled(url.host, silentMs)));
  }

  start(): void {
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#stall.arm();
    try {
      const authorization = this.#deps.authorizationFor(this.#url.href);
      this.#deps.dispatcher.dispatch(
        {
          origin: this.#url.origin,
          path: this.#url.pathname + this.#url.search,
          method: 'GET',
          headers: {
            ...rangeHeader(this.#request),
            'accept-encoding': 'identity',
            'user-agent': this.#deps.userAgent,
            ...(authorization === undefined ? {} : { authorization }),
          },
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The attempt may have ended while the connection was still being made.
    if (this.#settled) this.#hangUp();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // Early hints and the like come before the response.
    if (this.#settled || status < 200) return;
    this.#stall.touch();
    if (status >= 300 && status < 400) {
      this.#settle(() => this.#resolve(headerValue(headers, 'location') ?? ''));
      return;
    }
    if (status !== 200 && status !== 206) {
      this.#refused = { status, headers, body: [], bytes: 0 };
      return;
    }
    const refusal = refuseResponse(status, headers, this.#request);
    if (refusal) {
      this.#fail(refusal);
      return;
    }
    const { start, end, total } = this.#request;
    this.#bodyBytes = status === 206 ? end - start : (total ?? Number.POSITIVE_INFINITY);
    const isWhole = status === 200 && end - start < this.#bodyBytes;
    if (isWhole && !(this.#sink.takeWhole?.() ?? start === 0)) this.#fail(rangeIgnored(this.#url.host));
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    // undici passes an empty piece after each pause; pausing for it would loop forever.
    if (this.#settled || bytes.length === 0) return;
    // An error page gets no patience: a server could feed it byte by byte for hours.
    if (this.#refused) {
      this.#readRefusal(bytes);
      return;
    }
    this.#stall.touch();
    this.#bodyBytes -= bytes.length;
    const wait = this.#sink.push(bytes);
    if (wait) void this.#pause(controller, wait);
    else if (this.#sink.isFull()) this.#finish();
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#stall.suspend();
    const early = new AppError('Offline', `${this.#url.host} ended the transfer early.`);
    // Only two turns of the event loop later does undici give the connection to the next request.
    setImmediate(() => setImmediate(() => this.#broke(early)));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#broke(error);
  }

  /** Nothing more arrives: a success if the sink has all it wants. */
  #broke(error: Error): void {
    if (this.#settled) return;
    if (this.#refused) this.#failRefused();
    else if (this.#sink.isFull()) this.#succeed();
    else this.#fail(error);
  }

  /** Waiting for our own disk is not a stall of the server's. */
  async #pause(controller: Dispatcher.DispatchController, wait: Promise<void>): Promise<void> {
    controller.pause();
    this.#stall.suspend();
    try {
      await wait;
      if (this.#settled) return;
      controller.resume(); // May deliver more at once, and request another pause.
      if (this.#sink.isFull()) this.#finish();
      else if (!this.#settled && !controller.paused) this.#stall.arm();
    } catch (error) {
      this.#fail(error);
    }
  }

  #readRefusal(bytes: Buffer): void {
    const refused = this.#refused;
    if (!refused) return;
    refused.body.push(Buffer.from(bytes));
    refused.bytes += bytes.length;
    if (refused.bytes >= ERROR_BODY_BYTES) this.#failRefused();
  }

  #failRefused(): void {
    if (!this.#refused) return;
    const { status, headers, body } = this.#refused;
    const text = Buffer.concat(body).subarray(0, ERROR_BODY_BYTES).toString('utf8');
    const { href } = this.#url;
    const error = statusError({
      status,
      headers,
      body: text,
      url: href,
      hubHost: this.#deps.hubHost,
      authorization: this.#deps.authorizationFor(href),
    });
    const { size } = error.details;
    const { total, path } = this.#request;
    const isOther = typeof size === 'number' && total !== null && size !== total;
    this.#fail(isOther ? wrongSize(size, { path, total }) : error);
  }

  /**
   * Every wanted byte has arrived. If the body is at its end too, waits for that end, so that the connection can be
   * reused; if the rest belongs to another attempt, reading it would cost more than a new connection.
   */
  #finish(): void {
    this.#stall.suspend();
    if (this.#bodyBytes !== 0) this.#succeed();
    else this.#linger ??= setTimeout(() => this.#succeed(), LINGER_MS);
  }

  #succeed(): void {
    this.#settle(() => this.#resolve(null));
  }

  #fail(error: unknown): void {
    this.#settle(() => this.#reject(classify(error, { url: this.#url.href })));
  }

  readonly #onAbort = (): void => this.#fail(this.#signal.reason);

  #settle(how: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stall.suspend();
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (this.#linger) clearTimeout(this.#linger);
    how();
    this.#hangUp();
  }

  /** Closes the connection unless the body was read to its end, in which case this does nothing. */
  #hangUp(): void {
    this.#controller?.abort(new Error('attempt ended'));
  }
}

/** A whole file is requested without a range, as the Hugging Face clients do. */
function rangeHeader({ start, end, total }: RangeRequest): { range?: string } {
  return start === 0 && end === total ? {} : { range: `bytes=${start}-${end - 1}` };
}

function redirected({ host }: URL): AppError {
  return new AppError('ServerError', `${host} sends elsewhere, which it may not.`, { details: { host } });
}

function stalled(host: string, silentMs: number): AppError {
  return new AppError('Stalled', `No data from ${host} for ${Math.round(silentMs / 1000)} s.`, {
    details: { host },
  });
}
