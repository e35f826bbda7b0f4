import type { AppError } from '../../../shared/contract/errors.ts';
import type { ByteRange, ByteRanges } from '../../../shared/model/byte-range.ts';
import { classify } from '../../errors/classify.ts';
import { renewConnections } from '../../http/dispatcher.ts';
import { isRefusedUrl } from '../another-way.ts';
import type { ContentSource, FetchControl, RangeSink, SourcePlace } from '../source.ts';
import { fetchRange } from './fetch-range.ts';
import type { HttpSession } from './http-session.ts';
import type { Location, SignedUrlCache } from './signed-url-cache.ts';

/** Fetches one content with HTTP range requests to the signed URL that the Hub returns. */
export class HttpSource implements ContentSource {
  readonly #content: { readonly path: string; readonly size: number };
  readonly #urls: SignedUrlCache;
  readonly #session: HttpSession;

  /** `path` in the repository, for messages; `size` in bytes, which every response must contain. */
  constructor(
    content: { readonly path: string; readonly size: number },
    urls: SignedUrlCache,
    session: HttpSession,
  ) {
    this.#content = content;
    this.#urls = urls;
    this.#session = session;
  }

  get host(): string | null {
    return this.#urls.host;
  }

  get finderHost(): string {
    return this.#session.hubHost;
  }

  /** The connection may be at fault as well as the host: later requests use new ones. */
  distrust(): ByteRanges {
    renewConnections(this.#session.dispatcher);
    return [];
  }

  async find(_: ByteRange, signal: AbortSignal): Promise<SourcePlace> {
    const location = await this.#urls.get(signal);
    return {
      kind: 'hub',
      host: new URL(location.url).host,
      fetch: (range, sink, control) => this.#fetch(location, range, sink, control),
    };
  }

  async #fetch(
    location: Location,
    { start, end }: ByteRange,
    sink: RangeSink,
    control: FetchControl,
  ): Promise<void> {
    const { path, size: total } = this.#content;
    const { signal, stallTimeoutMs } = control;
    const request = { url: location.url, start, end, total, path };
    try {
      await fetchRange(request, sink, { ...this.#session, stallTimeoutMs }, signal);
    } catch (error) {
      throw this.#aboutUrl(location, start, classify(error), control.hasProgressed());
    }
    this.#urls.accepted(start);
  }

  /** The Hub may have a better URL than one that is refused or fails. */
  #aboutUrl(location: Location, start: number, failure: AppError, hasProgressed: boolean): AppError {
    const leadsNowhere = failure.code === 'Offline' || failure.code === 'Timeout';
    if (leadsNowhere && !hasProgressed) this.#urls.forget(location);
    try {
      if (isRefusedUrl(failure)) this.#urls.refused(location, failure, start);
    } catch (refusal) {
      return classify(refusal);
    }
    return failure;
  }
}
