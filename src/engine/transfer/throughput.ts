/** Half-life of the mean that is shown, in milliseconds. */
const LONG_HALF_LIFE_MS = 10_000;
/** Half-life of the mean that notices a slow-down first. */
const SHORT_HALF_LIFE_MS = 3000;
/** After this silence the speed is 0, whatever the mean says. */
export const SILENCE_MS = 3000;

/** Speed of a download from what arrived when. Pure but for the clock that is handed in. */
export class Throughput {
  readonly #now: () => number;
  #long = 0;
  #short = 0;
  /** Time that the means know about; until a few half-lives have passed they are scaled up. */
  #observedMs = 0;
  #updatedMs: number;
  #bytes = 0;
  #lastByteMs: number | null = null;
  #totalBytes = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#updatedMs = now();
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#totalBytes += bytes;
    this.#lastByteMs = this.#now();
  }

  /** Folds what arrived since the last call into the means. To be called a few times a second. */
  sample(): void {
    const now = this.#now();
    const elapsedMs = now - this.#updatedMs;
    if (elapsedMs <= 0) return;
    const rate = (this.#bytes * 1000) / elapsedMs;
    this.#long = blend(this.#long, rate, elapsedMs, LONG_HALF_LIFE_MS);
    this.#short = blend(this.#short, rate, elapsedMs, SHORT_HALF_LIFE_MS);
    this.#observedMs += elapsedMs;
    this.#bytes = 0;
    this.#updatedMs = now;
  }

  /** All bytes added so far. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Milliseconds since the last byte; null before the first. */
  get silentMs(): number | null {
    return this.#lastByteMs === null ? null : this.#now() - this.#lastByteMs;
  }

  get bytesPerSecond(): number {
    if (this.silentMs === null || this.silentMs >= SILENCE_MS) return 0;
    return Math.round(unbias(this.#long, this.#observedMs, LONG_HALF_LIFE_MS));
  }

  /** Seconds for `bytes` more at the slower of the two means; null while nothing comes. */
  etaSeconds(bytes: number): number | null {
    if (bytes <= 0) return 0;
    if (this.bytesPerSecond === 0) return null;
    const short = unbias(this.#short, this.#observedMs, SHORT_HALF_LIFE_MS);
    const slower = Math.min(this.bytesPerSecond, short);
    return slower > 0 ? Math.ceil(bytes / slower) : null;
  }

  /** Forgets the past, after a pause or a wait. */
  reset(): void {
    this.#long = 0;
    this.#short = 0;
    this.#observedMs = 0;
    this.#bytes = 0;
    this.#updatedMs = this.#now();
  }
}

function blend(mean: number, value: number, elapsedMs: number, halfLifeMs: number): number {
  const keep = 0.5 ** (elapsedMs / halfLifeMs);
  return mean * keep + value * (1 - keep);
}

/** A mean that started at 0 is too low by a known factor. */
function unbias(mean: number, observedMs: number, halfLifeMs: number): number {
  const weight = 1 - 0.5 ** (observedMs / halfLifeMs);
  return weight > 0 ? mean / weight : 0;
}
