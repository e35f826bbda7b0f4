import type { Dispatcher } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../http/classify.ts';
import { MAX_REDIRECTS, nextUrl, tooManyRedirects } from '../http/redirect.ts';
import { statusError } from '../http/status-error.ts';
import { type ExpectedRange, header, type ResponseHeaders, refuseResponse } from './range-response.ts';
import { StallTimer } from './stall-timer.ts';

/** Text of an error page that is read for its message; the rest is dropped. */
const ERROR_BODY_BYTES = 4096;

/** Where the bytes of a range go. */
export interface RangeSink {
  /** True when every byte that is wanted has arrived. May turn true early, when the rest was given to another stream. */
  isFull(): boolean;
  /** Takes bytes in order. A promise asks to stop reading until it settles; its rejection ends the attempt. */
  push(bytes: Buffer): Promise<void> | undefined;
}

export interface RangeRequest extends ExpectedRange {
  readonly url: string;
}

export interface FetchRangeDeps {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Host (with port) of the Hub: only there 401 and 403 are about the user's token. */
  readonly hubHost: string;
  /** `Bearer …` for the Hub's own origin, undefined for every other host. */
  readonly authorizationFor: (url: string) => string | undefined;
  /** Longest silence that is tolerated now, in milliseconds. */
  readonly stallTimeoutMs: () => number;
}

/**
 * Fetches one range into `sink`. Resolves when the sink is full; rejects with an `AppError` after delivering
 * whatever good prefix arrived. No byte is delivered before the header test passed. Redirects are followed by
 * hand, so that the token never leaves the Hub.
 */
export async function fetchRange(
  request: RangeRequest,
  sink: RangeSink,
  deps: FetchRangeDeps,
  signal: AbortSignal,
): Promise<void> {
  let url = new URL(request.url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const location = await fetchOnce(url, request, sink, deps, signal);
    if (location === null) return;
    url = nextUrl(url, location);
  }
  throw tooManyRedirects(new URL(request.url));
}

/** One request. Resolves to null when the sink is full, or to the `Location` of a redirect. */
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
class Exchange implements Dispatcher.DispatchHandler {
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
  /** Bytes of the body that are still to come. */
  #bodyBytes = 0;
  /** Set for a status that is an error: the page is read for its message. */
  #refused: { status: number; headers: ResponseHeaders; body: Buffer[]; bytes: number } | null = null;

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
    this.#stall = new StallTimer(deps.stallTimeoutMs, (silentMs) => this.#end(stalled(url.host, silentMs)));
  }

  start(): void {
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    const { start, end } = this.#request;
    const authorization = this.#deps.authorizationFor(this.#url.href);
    this.#stall.arm();
    try {
      this.#deps.dispatcher.dispatch(
        {
          origin: this.#url.origin,
          path: this.#url.pathname + this.#url.search,
          method: 'GET',
          headers: {
            range: `bytes=${start}-${end - 1}`,
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
    if (this.#settled) controller.abort(new Error('attempt ended'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#settled) return;
    this.#stall.touch();
    if (status >= 300 && status < 400) {
      this.#settle(() => this.#resolve(header(headers, 'location') ?? ''));
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
    this.#bodyBytes = status === 206 ? end - start : total;
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#settled) return;
    this.#stall.touch();
    if (this.#refused) {
      this.#readRefusal(bytes);
      return;
    }
    this.#bodyBytes -= bytes.length;
    const wait = this.#sink.push(bytes);
    if (wait) this.#pause(controller, wait);
    // The rest of this body belongs to another stream; at a body's own end the connection is kept for reuse.
    else if (this.#sink.isFull() && this.#bodyBytes > 0) this.#finish();
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    if (this.#refused) this.#failRefused();
    else this.#end(new AppError('Offline', `${this.#url.host} ended the transfer early.`));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#refused) this.#failRefused();
    else this.#end(error);
  }

  /** The body is over: well, if the sink has all it wants. */
  #end(error: Error): void {
    if (this.#sink.isFull()) this.#finish();
    else this.#fail(error);
  }

  /** Waiting for our own disk is not a stall of the server's. */
  #pause(controller: Dispatcher.DispatchController, wait: Promise<void>): void {
    controller.pause();
    this.#stall.suspend();
    wait.then(
      () => {
        if (this.#settled) return;
        if (this.#sink.isFull() && this.#bodyBytes > 0) return this.#finish();
        this.#stall.arm();
        controller.resume();
      },
      (error) => this.#fail(error),
    );
  }

  #readRefusal(bytes: Buffer): void {
    const refused = this.#refused;
    if (!refused) return;
    refused.body.push(bytes);
    refused.bytes += bytes.length;
    if (refused.bytes >= ERROR_BODY_BYTES) this.#failRefused();
  }

  #failRefused(): void {
    if (!this.#refused) return;
    const { status, headers, body } = this.#refused;
    const text = Buffer.concat(body).subarray(0, ERROR_BODY_BYTES).toString('utf8');
    this.#fail(
      statusError({ status, headers, body: text, url: this.#url.href, hubHost: this.#deps.hubHost }),
    );
  }

  #finish(): void {
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
    how();
    // Ends the connection unless the body was read to its end, in which case this does nothing.
    this.#controller?.abort(new Error('attempt ended'));
  }
}

function stalled(host: string, silentMs: number): AppError {
  return new AppError('Stalled', `No data from ${host} for ${Math.round(silentMs / 1000)} s.`, {
    details: { host },
  });
}
