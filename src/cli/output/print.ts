import type { ErrorData } from '../../shared/contract/errors.ts';
import type { GlobalOptions } from '../invocation.ts';
import type { CliIo } from '../io.ts';
import { failureWords } from './failure-words.ts';
import { errorJson, printJson } from './json-lines.ts';
import { printable } from './printable.ts';
import { type Column, tableLines } from './table.ts';

/** Where and how to print. */
export interface PrintTarget {
  readonly io: Pick<CliIo, 'stdout' | 'stderr'>;
  readonly global: GlobalOptions;
}

/** Writes a line to standard output. */
export function printLine({ io }: PrintTarget, line: string): void {
  io.stdout.write(`${printable(line)}\n`);
}

/** Does the same for confirmations and summaries, which `--quiet` omits. */
export function printNotice(target: PrintTarget, line: string): void {
  if (!target.global.quiet) printLine(target, line);
}

/** Writes an aligned table to standard output. */
export function printTable(
  { io }: PrintTarget,
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): void {
  for (const line of tableLines(columns, rows)) io.stdout.write(`${line}\n`);
}

/** Reports a failure: an object on standard output with `--json`, else a sentence on standard error. */
export function printFailure({ io, global }: PrintTarget, error: ErrorData): void {
  if (global.json) {
    printJson(io.stdout, errorJson(error));
    return;
  }
  printProblem({ io, global }, failureWords(error));
}

/** Writes a sentence to standard error under the program's name. */
export function printProblem({ io }: PrintTarget, message: string): void {
  io.stderr.write(`haulyard: ${printable(message)}\n`);
}
