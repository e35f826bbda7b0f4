import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import type { WriteStream } from 'node:tty';
import type { Interrupt } from './interrupt.ts';
import type { CliInput, CliIo, CliOutput } from './io.ts';

/** Assumed size of a terminal that does not report it (the classic VT100). */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

type Output = NodeJS.WriteStream & Partial<Pick<WriteStream, 'columns' | 'rows'>>;

/** A stream whose reader may go away at any time: the write error (EPIPE, EIO) ends the output and nothing else. */
function outputOf(stream: Output): CliOutput {
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: () => stream.columns || DEFAULT_COLUMNS,
    rows: () => stream.rows || DEFAULT_ROWS,
    write: (text) => {
      if (!gone) stream.write(text);
    },
    onResize: (listener) => {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
  };
}

/** Standard input is only touched when somebody reads from it. */
function inputOf(self: NodeJS.Process): CliInput {
  return {
    get isTerminal() {
      return self.stdin.isTTY === true;
    },
    [Symbol.asyncIterator]: () => self.stdin[Symbol.asyncIterator](),
  };
}

/** Empty for a user without one: Node throws where neither HOME nor the system's list of users has it. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** The I/O of the running process. */
export function createProcessIo(self: NodeJS.Process, interrupt: Interrupt): CliIo {
  return {
    stdin: inputOf(self),
    stdout: outputOf(self.stdout),
    stderr: outputOf(self.stderr),
    env: self.env,
    platform: self.platform,
    homedir: homeFolder(),
    stop: interrupt.signal,
    onSecondStop: interrupt.onSecond,
    startBackground(args) {
      const { HAULYARD_LAUNCHER: _launcher, ...env } = self.env;
      const entry = self.argv[1] ?? '';
      const child = spawn(self.execPath, [...self.execArgv, entry, ...args], {
        detached: true,
        stdio: 'ignore',
        env,
      });
      child.on('error', () => undefined); // The caller reports that it did not start.
      child.unref();
    },
    now: () => Date.now(),
    every: (intervalMs, task) => {
      const timer = setInterval(task, intervalMs);
      return () => clearInterval(timer);
    },
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    atExit: (task) => {
      self.on('exit', task);
      return () => self.off('exit', task);
    },
  };
}

/** Resolves when what was written to `stream` has left this process, or after `timeoutMs`. */
export function drained(stream: NodeJS.WriteStream, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    stream.write('', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
