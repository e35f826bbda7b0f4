import { parseArgs } from 'node:util';
import { AppError } from '../../src/shared/contract/errors.ts';
import { GROUPS } from './groups/all.ts';
import { WEAK_LINES } from './groups/weak-lines.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly quick: boolean;
  /** Names of the groups to run. */
  readonly only: readonly string[];
  readonly jsonFile: string | null;
  /** Folder for plots; null for none. */
  readonly plotFolder: string | null;
  readonly sizeBytes: number | null;
  readonly rounds: number | null;
  /** Names of the weak lines to run; null for those of the run. */
  readonly lines: readonly string[] | null;
  /** Where the temporary folder is made; null for that of the system. */
  readonly dir: string | null;
  readonly help: boolean;
}

const NAMES = GROUPS.map(({ name }) => name);
const LINES = WEAK_LINES.map(({ name }) => name);

/** Printed by `--help`. */
export const USAGE = `Usage: npm run bench -- [options]

  --quick        small sizes and one round; under 5 minutes on 2 cores
  --only GROUP   only this group, may be repeated: ${NAMES.join(', ')}
  --line LINE    of the group weak only this line, may be repeated: ${LINES.join(', ')}
  --json FILE    write every measurement as JSON
  --plots FOLDER write plots of what was measured, as SVG
  --size SIZE    size of the large file of fast, restart, memory and xet, such as 8GiB
  --rounds N     rounds of the groups that compare
  --dir FOLDER   where the temporary folder is made, on the disk to be measured
  --help         this text
`;

const OPTIONS = {
  quick: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  line: { type: 'string', multiple: true },
  json: { type: 'string' },
  plots: { type: 'string' },
  size: { type: 'string' },
  rounds: { type: 'string' },
  dir: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const MIN_BYTES = 2 ** 20;

/** Reads the command line. Throws `BadRequest` with one sentence for an unknown option or a wrong value. */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = parse(args);
  return {
    quick: values.quick ?? false,
    only: values.only?.map((name) => oneOf(name, NAMES, 'group')) ?? NAMES,
    jsonFile: values.json ?? null,
    plotFolder: values.plots ?? null,
    sizeBytes: values.size === undefined ? null : sizeOf(values.size),
    rounds: values.rounds === undefined ? null : roundsOf(values.rounds),
    lines: values.line?.map((name) => oneOf(name, LINES, 'line')) ?? null,
    dir: values.dir ?? null,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new AppError('BadRequest', `${reason}; --help lists the options.`, { cause });
  }
}

function oneOf(name: string, names: readonly string[], kind: string): string {
  if (names.includes(name)) return name;
  throw new AppError('BadRequest', `There is no ${kind} "${name}"; there are ${names.join(', ')}.`);
}

function sizeOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(|[KMG]iB)$/.exec(text);
  const bytes = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (!(bytes >= MIN_BYTES)) {
    throw new AppError('BadRequest', `"${text}" is not a size of 1 MiB or more; write it as 2GiB or 512MiB.`);
  }
  return Math.round(bytes);
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new AppError('BadRequest', `"${text}" is not a number of rounds.`);
}
