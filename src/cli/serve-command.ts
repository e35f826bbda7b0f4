import type { Command } from 'commander';
import { AppError } from '../shared/contract/errors.ts';
import type { Invocation, ServeCommandOptions } from './invocation.ts';
import { parseLimit, parseText } from './option-values.ts';

/** Default port. */
const DEFAULT_PORT = 8900;
const MAX_PORT = 65_535;
const MAX_CONNECTIONS = 1024;
const MAX_NAME_LENGTH = 253;
const MAX_GLOB_LENGTH = 1000;
/** Shorter ones can be brute-forced. */
const MIN_SECRET_LENGTH = 12;
const MAX_SECRET_LENGTH = 200;

interface RawServe {
  readonly host?: string;
  readonly lan?: boolean;
  readonly port?: number;
  readonly models?: readonly string[];
  readonly secret?: string | true;
  readonly limit?: number;
  readonly connections?: number;
}

/** Adds `serve` to `program`. */
export function addServe(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('serve')
    .description('share verified models with other computers, as a read-only mirror, until Ctrl-C')
    .option('--lan', 'let other computers connect (default: only this one)')
    .option('--host <name>', 'address to listen on; with --lan, another name of this computer', parseHost)
    .option('--port <n>', `port to listen on (default: ${DEFAULT_PORT})`, parsePort)
    .option('--models <glob>', 'only these models (may be repeated)', collectModels)
    .option('--secret [secret]', 'require this bearer token; without a value, a new one is made')
    .option('--limit <speed>', 'speed limit for all connections combined, such as 50MB/s', parseLimit)
    .option('--connections <n>', 'connections at once (default: 128)', parseConnections)
    .action((raw: RawServe) => choose({ command: 'serve', ...serveOptions(raw) }));
}

function serveOptions({
  host,
  lan,
  port,
  models,
  secret,
  limit,
  connections,
}: RawServe): ServeCommandOptions {
  return {
    lan: lan === true,
    port: port ?? DEFAULT_PORT,
    ...(host === undefined ? {} : { host }),
    ...(models === undefined ? {} : { models }),
    ...(secret === undefined ? {} : { secret: secret === true ? true : parseSecret(secret) }),
    ...(limit === undefined ? {} : { limitBytesPerSecond: limit }),
    ...(connections === undefined ? {} : { maxConnections: connections }),
  };
}

const parseModels = parseText('--models', MAX_GLOB_LENGTH);

function collectModels(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseModels(value)];
}

/** A name or an address: what is valid in a `Host` header. */
function parseHost(value: string): string {
  const name = value.trim().replace(/^\[(.*)\]$/, '$1');
  if (name.length <= MAX_NAME_LENGTH && /^[\w.:%-]+$/.test(name)) return name;
  throw new AppError(
    'BadRequest',
    '--host is a name such as studio.local, or an address such as 192.168.1.5.',
  );
}

function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= MAX_PORT) return Number(value);
  throw new AppError('BadRequest', `--port is a number from 0 to ${MAX_PORT}; 0 takes any that is free.`);
}

function parseConnections(value: string): number {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MAX_CONNECTIONS) return number;
  throw new AppError('BadRequest', `--connections is a whole number from 1 to ${MAX_CONNECTIONS}.`);
}

/** A secret is sent in a header. The message does not repeat the value. Throws BadRequest. */
export function parseSecret(value: string): string {
  const isGood = value.length >= MIN_SECRET_LENGTH && value.length <= MAX_SECRET_LENGTH;
  if (isGood && /^[\x21-\x7e]+$/.test(value)) return value;
  throw new AppError(
    'BadRequest',
    `A secret has ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH} letters, digits and signs, without spaces. --secret without a value makes one.`,
  );
}
