import type { EngineMessage, EngineRequest } from '../../shared/contract/envelope.ts';

/** One process of the engine, however it is run. It runs from the moment this object exists. */
export interface EngineProcess {
  /** Undefined until the process exists, and if it could not be started. */
  readonly pid: number | undefined;
  /** Does nothing once the process has ended. Messages sent before it is up arrive when it is. */
  send(request: EngineRequest): void;
  onMessage(listener: (message: EngineMessage) => void): void;
  /** Called once. The code is null when a signal ended it or it never started. */
  onExit(listener: (code: number | null) => void): void;
  /** Called with its output outside the protocol, line by line: warnings of its runtime, the last words of a crash. */
  onOutput(listener: (line: string) => void): void;
  /** Ends it at once, without cleanup. */
  kill(): void;
}

/** Starts a process with this environment. Throws when that cannot even be tried. */
export type StartEngine = (env: NodeJS.ProcessEnv) => EngineProcess;

/** Calls `listener` with each line of a text stream; an unterminated last line is passed at its end. */
export function eachLine(stream: NodeJS.ReadableStream | null, listener: (line: string) => void): void {
  if (!stream) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(-MAX_LINE_CHARACTERS);
    for (const line of lines) if (line !== '') listener(line);
  });
  stream.on('end', () => {
    if (rest !== '') listener(rest);
  });
}

/** Text without a line end must not grow forever. */
const MAX_LINE_CHARACTERS = 10_000;
