import { AppError } from '../../shared/contract/errors.ts';
import type { CliIo, CliOutput } from '../io.ts';

/** Options of {@link createFakeIo}, where it differs from a pipe in an empty environment. */
export interface FakeIoOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly stdin?: readonly string[];
}

/** A CliIo for tests: text is collected, and time passes only on request. */
export interface FakeIo extends CliIo {
  /** Everything written to standard output so far. */
  out(): string;
  err(): string;
  /** Values of the JSON lines on standard output. */
  json(): readonly unknown[];
  /** Advances the clock, runs the timers that come due, and lets promises settle. */
  pass(ms: number): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Asks to stop; the second time, once more. */
  interrupt(): void;
  /** Arguments of the processes started in the background. */
  readonly started: ReadonlyArray<readonly string[]>;
  exit(): void;
}

interface Timer {
  dueMs: number;
  readonly everyMs: number | null;
  readonly task: () => void;
}

/** A clock that stops between calls of `pass`. */
function createClock() {
  const timers = new Set<Timer>();
  let nowMs = Date.parse('2025-01-01T00:00:00Z');
  const add = (timer: Timer) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const nextDue = (untilMs: number) =>
    [...timers].filter((timer) => timer.dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  return {
    now: () => nowMs,
    every: (ms: number, task: () => void) => add({ dueMs: nowMs + ms, everyMs: ms, task }),
    after: (ms: number, task: () => void) => add({ dueMs: nowMs + ms, everyMs: null, task }),
    async pass(ms: number) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        nowMs = timer.dueMs;
        if (timer.everyMs === null) timers.delete(timer);
        else timer.dueMs += timer.everyMs;
        timer.task();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

/** Runs everything that waits for nothing but other promises. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Makes a {@link FakeIo}. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  const { terminal = false, stdin = [] } = options;
  const clock = createClock();
  const stop = new AbortController();
  const started: Array<readonly string[]> = [];
  let secondStop = () => {};
  const exitTasks = new Set<() => void>();
  const resizeListeners = new Set<() => void>();
  const written = { out: '', err: '' };
  let size = { columns: options.columns ?? 80, rows: options.rows ?? 24 };
  const output = (name: 'out' | 'err'): CliOutput => ({
    isTerminal: terminal,
    columns: () => size.columns,
    rows: () => size.rows,
    write: (text) => {
      written[name] += text;
    },
    onResize: (listener) => {
      resizeListeners.add(listener);
      return () => void resizeListeners.delete(listener);
    },
  });
  return {
    ...clock,
    stdin: Object.assign(textOf(stdin), { isTerminal: false }),
    stdout: output('out'),
    stderr: output('err'),
    env: options.env ?? {},
    platform: 'linux',
    homedir: '/nowhere',
    stop: stop.signal,
    startBackground: (args) => void started.push(args),
    started,
    onSecondStop: (listener) => {
      secondStop = listener;
      return () => {
        secondStop = () => undefined;
      };
    },
    atExit: (task) => {
      exitTasks.add(task);
      return () => void exitTasks.delete(task);
    },
    out: () => written.out,
    err: () => written.err,
    json: () =>
      written.out
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line)),
    resize: (columns, rows) => {
      size = { columns, rows };
      for (const listener of resizeListeners) listener();
    },
    interrupt: () => {
      if (stop.signal.aborted) secondStop();
      else stop.abort(new AppError('Cancelled', 'Stopped.'));
    },
    exit: () => {
      for (const task of exitTasks) task();
    },
  };
}

async function* textOf(parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}
