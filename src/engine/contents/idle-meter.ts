import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How long the event loop is observed before it is judged again, in milliseconds. */
const WINDOW_MS = 250;
/**
 * Above this share of busy time (some 200 MB/s here), the event loop may come to limit the transfer and must not get
 * more to do.
 */
const MAX_BUSY_SHARE = 0.25;

/** Measures whether the event loop has time to spare, from how busy it was in the last quarter of a second. */
export class IdleMeter {
  readonly #read: () => EventLoopUtilization;
  #last: EventLoopUtilization;
  #isIdle = true;

  /** `read` returns how long the loop has been idle and active since it began, in milliseconds. */
  constructor(read: () => EventLoopUtilization = () => performance.eventLoopUtilization()) {
    this.#read = read;
    this.#last = read();
  }

  /** Cheap enough to be read at each write. */
  get isIdle(): boolean {
    const now = this.#read();
    const active = now.active - this.#last.active;
    const total = active + now.idle - this.#last.idle;
    if (total >= WINDOW_MS) {
      this.#isIdle = active <= total * MAX_BUSY_SHARE;
      this.#last = now;
    }
    return this.#isIdle;
  }
}
