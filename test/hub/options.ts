import { parseArgs } from 'node:util';
import { AppError } from '../../src/shared/contract/errors.ts';

/** What the command line asks for. */
export interface MainOptions {
  readonly port: number;
  readonly cdnPort: number;
  readonly bytesPerSecond: number | null;
  readonly latencyMs: number;
  readonly dropEverySeconds: number | null;
  readonly faultFile: string | null;
  readonly logFile: string | null;
  readonly json: boolean;
  readonly rehash: boolean;
  readonly help: boolean;
}

/** Printed by `--help`. */
export const USAGE = `Usage: npm run hub -- [options]

  --port N              port of the Hub; 0 takes any free one (default 8787)
  --cdn-port N          port of the CDN; 0 takes any free one (default 8788)
  --bytes-per-second N  limit of all connections together
  --latency-ms N        wait before each answer
  --drop-every SECONDS  cut all running transfers every so often
  --faults FILE.json    faults from a file, see test/hub/README.md
  --log FILE            append each request as a line of JSON
  --json                print one line of JSON with url, cdnUrl and pid instead of a text
  --rehash              compute and print the SHA-256 of all large files, then end
  --help                this text
`;

const OPTIONS = {
  port: { type: 'string' },
  'cdn-port': { type: 'string' },
  'bytes-per-second': { type: 'string' },
  'latency-ms': { type: 'string' },
  'drop-every': { type: 'string' },
  faults: { type: 'string' },
  log: { type: 'string' },
  json: { type: 'boolean' },
  rehash: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_PORT = 8787;
const MAX_PORT = 65_535;

/** Reads the command line. Throws `BadRequest` with one sentence for an unknown option or a wrong value. */
export function readOptions(args: readonly string[]): MainOptions {
  const values = parse(args);
  const port = numberOf(values.port, '--port', isPort) ?? DEFAULT_PORT;
  return {
    port,
    cdnPort:
      numberOf(values['cdn-port'], '--cdn-port', isPort) ?? (port === 0 ? 0 : Math.min(port + 1, MAX_PORT)),
    bytesPerSecond: numberOf(values['bytes-per-second'], '--bytes-per-second', isPositive),
    latencyMs: numberOf(values['latency-ms'], '--latency-ms', (n) => n >= 0) ?? 0,
    dropEverySeconds: numberOf(values['drop-every'], '--drop-every', isPositive),
    faultFile: values.faults ?? null,
    logFile: values.log ?? null,
    json: values.json ?? false,
    rehash: values.rehash ?? false,
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

function numberOf(
  text: string | undefined,
  option: string,
  isGood: (value: number) => boolean,
): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !isGood(value)) {
    throw new AppError(
      'BadRequest',
      `"${text}" is not a good value for ${option}; --help lists the options.`,
    );
  }
  return value;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_PORT;
}

function isPositive(value: number): boolean {
  return value > 0;
}
