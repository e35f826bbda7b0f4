/** A stream of the terminal or a pipe. Writing never throws: text for a reader that is gone is dropped. */
export interface CliOutput {
  readonly isTerminal: boolean;
  /** Size of the terminal; 80 × 24 where it is not known. */
  columns(): number;
  rows(): number;
  write(text: string): void;
  /** Calls `listener` when the terminal was resized. @returns a function that unsubscribes */
  onResize(listener: () => void): () => void;
}

/** Standard input as text. */
export interface CliInput extends AsyncIterable<string | Buffer> {
  readonly isTerminal: boolean;
}

/** Everything outside the program that the command line touches. */
export interface CliIo {
  readonly stdin: CliInput;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  /** Aborted when the user asks to stop; the reason is an AppError of code Cancelled. */
  readonly stop: AbortSignal;
  /**
   * Calls `listener` when the user asks to stop once more, instead of ending at once. @returns a function that
   * unsubscribes
   */
  onSecondStop(listener: () => void): () => void;
  /** Starts this program with other arguments, as a separate process that does not end with this one. */
  startBackground(args: readonly string[]): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `task` every `intervalMs`. @returns a function that stops it */
  every(intervalMs: number, task: () => void): () => void;
  /** Calls `task` once after `delayMs`. @returns a function that cancels it */
  after(delayMs: number, task: () => void): () => void;
  /** Calls `task` when the process ends, unless by SIGKILL. @returns a function that cancels it */
  atExit(task: () => void): () => void;
}
