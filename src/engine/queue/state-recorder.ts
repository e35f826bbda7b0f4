import type { AppError } from '../../shared/contract/errors.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { SchedulerWait } from '../transfer/scheduler.ts';
import type { Download } from './download.ts';
import type { CurrentWait } from './shown-wait.ts';
import { waitForOther, waitOf } from './wait-reason.ts';

/** Puts a running download into its states: in memory, in the ledger, and in events. */
export class StateRecorder {
  readonly #download: Download;
  readonly #context: DownloadContext;

  constructor(download: Download, context: DownloadContext) {
    this.#download = download;
    this.#context = context;
  }

  /** A change of state is stored and emitted; a new reason within a state is sent with the next numbers. */
  enter(state: DownloadState, reason: string | null, error: AppError | null = null): void {
    const before = this.#download.state;
    this.#download.enter(state, reason, error?.toData() ?? null);
    if (before === state) return;
    this.#keep(state, reason);
    this.#context.emit(this.#download.progress());
  }

  /** Records and reports a failure. */
  fail(error: AppError): void {
    const { code, message, details, retryable } = error;
    this.enter('failed', message, error);
    this.#context.emit({ event: 'failed', download: this.#download.id, code, message, details, retryable });
  }

  /** Shows a wait if it is new. */
  showWait(wait: CurrentWait): void {
    const before = this.#download.state;
    this.#download.waitFor(wait);
    if (before !== 'waiting') this.#keep('waiting', wait.message);
    this.#context.emit(this.#download.progress());
  }

  /** The free space changes during the wait: the numbers shown are those of the last check. */
  waitForDisk(failure: AppError): void {
    if (this.#download.wait?.message === failure.message) return;
    this.showWait({ facts: waitOf(failure, null), message: failure.message, retryAtMs: null });
  }

  /** The Hub is asked again at `untilMs` of the wall clock; also reported as a failed attempt. */
  waitForHub(error: AppError, attempt: number, untilMs: number): void {
    const { code, message, details } = error;
    const delayMs = Math.max(0, untilMs - this.#context.clock.now());
    this.#download.countRetry();
    this.#context.emit({
      event: 'retry',
      download: this.#download.id,
      path: '',
      chunk: 0,
      attempt,
      code,
      message,
      details,
      delayMs,
    });
    this.showWait({ facts: waitOf(error, attempt), message, retryAtMs: untilMs });
  }

  /** A host of contents is left alone for a while. */
  waitForHost({ error, attempt, untilMs }: SchedulerWait): void {
    const { clock } = this.#context;
    const retryAtMs = clock.now() + Math.max(0, untilMs - clock.monotonic());
    const next = { facts: waitOf(error, attempt), message: error.message, retryAtMs };
    const before = this.#download.state === 'waiting' ? this.#download.wait : null;
    const isNews = before?.message !== next.message || before.facts.attempt !== attempt;
    if (isNews) this.showWait(next);
    else this.#download.waitFor(next);
  }

  /** Returns true while everything left is being fetched by another download. */
  waitForOther(): boolean {
    const other = this.#download.blockedBy;
    if (other === undefined) return false;
    if (this.#download.wait?.facts.download !== other) this.showWait(waitForOther(other));
    return true;
  }

  /**
   * Ends the run and stores what it cost. The state in the ledger is written last, even when the ledger itself is the
   * trouble.
   */
  settle(): void {
    const { id } = this.#download;
    this.#download.settle();
    this.#write('what a download cost', () =>
      this.#context.ledger.downloads.setCounters(id, this.#download.counters),
    );
  }

  #keep(state: DownloadState, reason: string | null): void {
    const { ledger, clock } = this.#context;
    const { id, row } = this.#download;
    this.#write('the state of a download', () =>
      ledger.downloads.setState(id, state, reason, row.error, clock.now()),
    );
  }

  /** A ledger that cannot be written must not keep a download from ending in order. */
  #write(what: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      const { message } = classify(error);
      this.#context.log('error', `Haulyard’s download record didn’t keep ${what}: ${message}`);
    }
  }
}
