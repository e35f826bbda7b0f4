import { peerAddress } from '../shared/contract/commands.ts';
import { AppError } from '../shared/contract/errors.ts';
import { lacksUnit, parseBytes, parseRate } from '../shared/format/parse-size.ts';
import { ROUNDING_RULES, type RoundingRule } from '../shared/model/build.ts';
import { PRECISIONS, type Precision } from '../shared/model/catalog.ts';
import { PROFILES, type Profile } from '../shared/model/download.ts';
import { REPOSITORY_TYPES, type RepositoryType } from '../shared/model/repository.ts';
import { TRANSPORT_CHOICES, type TransportChoice } from '../shared/model/transport.ts';
import { SHELLS, type Shell } from './completion/shells.ts';

/** Limits of the contract (addDownloadSchema), reported in words before anything is opened. */
const MIN_CHUNK_BYTES = 2 ** 20;
const MAX_CHUNK_BYTES = 2 ** 30;
const MAX_WORKERS = 64;
/** The contract's limit for `doctor.hub`. */
const MAX_HOLD_SECONDS = 600;
const MAX_GIVE_UP_SECONDS = 7 * 24 * 3600;
const MAX_REFERENCE_LENGTH = 2000;

function bad(option: string, value: string, allowed: string): AppError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new AppError('BadRequest', `${option} cannot be "${shown}": ${allowed}.`);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value.toLowerCase());
  if (found === undefined) throw bad(option, value, `it is one of ${allowed.join(', ')}`);
  return found;
}

/** `--variant`: auto, bf16, q8 or q4; upper case is accepted. Throws BadRequest. */
export function parseVariant(value: string): 'auto' | Precision {
  return oneOf('--variant', value, ['auto', ...PRECISIONS] as const);
}

/** `--variant` and `--make` where one must be named: bf16, q8 or q4. Throws BadRequest. */
export function parsePrecision(value: string): Precision {
  return oneOf('--variant', value, PRECISIONS);
}

/** `--rule`: metal or cpu. Throws BadRequest. */
export function parseRule(value: string): RoundingRule {
  return oneOf('--rule', value, ROUNDING_RULES);
}

/** `--profile`: auto, fast, weak or very-weak. Throws BadRequest. */
export function parseProfile(value: string): Profile {
  return oneOf('--profile', value, PROFILES);
}

/** `--transport`: auto, http or xet. Throws BadRequest. */
export function parseTransport(value: string): TransportChoice {
  return oneOf('--transport', value, TRANSPORT_CHOICES);
}

/** `--peers`: on or off. Throws BadRequest. */
export function parsePeers(value: string): 'on' | 'off' {
  return oneOf('--peers', value, ['on', 'off'] as const);
}

/** `--peer`, added to those before. Throws BadRequest for what is no address of a server. */
export function collectPeer(value: string, before: readonly string[] = []): readonly string[] {
  const parsed = peerAddress.safeParse(value);
  if (!parsed.success) throw bad('--peer', value, 'it is an address such as http://studio.local:8900');
  return [...before, parsed.data];
}

/** `--workers`: a whole number of streams. Throws BadRequest. */
export function parseWorkers(value: string): number {
  const workers = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (workers < 1 || workers > MAX_WORKERS) {
    throw bad('--workers', value, `it is a whole number from 1 to ${MAX_WORKERS}`);
  }
  return workers;
}

/** `--chunk-size`, in bytes. Throws BadRequest. */
export function parseChunkSize(value: string): number {
  const bytes = parseBytes(value);
  if (lacksUnit(value) && (bytes === null || bytes < MIN_CHUNK_BYTES)) {
    throw bad('--chunk-size', value, `the unit is missing. Did you mean ${value.trim()}MiB`);
  }
  if (bytes === null || bytes < MIN_CHUNK_BYTES || bytes > MAX_CHUNK_BYTES) {
    throw bad('--chunk-size', value, 'it is a size from 1MiB to 1GiB, such as 50MiB');
  }
  return bytes;
}

/** `--limit`, in bytes per second. Throws BadRequest. */
export function parseLimit(value: string): number {
  return speedOf('--limit', value, 'it is a speed above 0, such as 5MB/s or 800KB/s');
}

function speedOf(name: string, value: string, otherwise: string): number {
  const bytesPerSecond = parseRate(value);
  if (bytesPerSecond === null && lacksUnit(value) && Number.parseFloat(value) > 0) {
    const number = value.replace(/\s*\/.*$/, '').trim();
    throw bad(name, value, `the unit is missing. Did you mean ${number}MB/s or ${number}KB/s`);
  }
  if (bytesPerSecond === null) throw bad(name, value, otherwise);
  return bytesPerSecond;
}

/** The speed of `limit`; null for `off`, and for `none`, which people try. Throws BadRequest. */
export function parseLimitOrOff(value: string): number | null {
  if (value === 'off' || value === 'none') return null;
  return speedOf('SPEED', value, 'it is a speed above 0, such as 5MB/s, or off');
}

/** A position in the queue, from 1. Throws BadRequest. */
export function parsePosition(value: string): number {
  const position = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (position >= 1) return position;
  throw bad('POSITION', value, 'it is a place in the queue; 1 is the first');
}

/** `--give-up-after`, given in seconds. Throws BadRequest. @returns milliseconds */
export function parseGiveUpAfter(value: string): number {
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Number(value) : 0;
  if (seconds <= 0 || seconds > MAX_GIVE_UP_SECONDS) {
    throw bad('--give-up-after', value, `it is a number of seconds above 0, at most ${MAX_GIVE_UP_SECONDS}`);
  }
  return Math.max(1, Math.round(seconds * 1000));
}

/** `--hold`, in whole seconds. Throws BadRequest. */
export function parseHold(value: string): number {
  if (/^\d{1,3}$/.test(value) && Number(value) <= MAX_HOLD_SECONDS) return Number(value);
  throw bad('--hold', value, `it is a whole number of seconds, at most ${MAX_HOLD_SECONDS}`);
}

/** `--from FILE=PARTIAL`: the path in the repository and the file on disk. Throws BadRequest. */
export function parseFrom(value: string): readonly [file: string, partial: string] {
  const at = value.indexOf('=');
  const file = value.slice(0, at);
  const partial = value.slice(at + 1);
  if (at < 1 || partial === '') {
    throw bad('--from', value, 'it is the path in the repository, "=", and the unfinished file on this disk');
  }
  return [file, partial];
}

/** A word that must not be empty: a revision, a pattern, a folder. Throws BadRequest. */
export function parseText(option: string, maxLength: number): (value: string) => string {
  return (value) => {
    if (value.trim() === '') throw bad(option, value, 'it must not be empty');
    if (value.length > maxLength) throw bad(option, value, `it has at most ${maxLength} characters`);
    return value;
  };
}

/** A reference to a model, which the engine resolves. Throws BadRequest. */
export function parseReference(value: string): string {
  return parseText('REF', MAX_REFERENCE_LENGTH)(value).trim();
}

/** The id of a download, or the start of one. Throws BadRequest. */
export function parseId(value: string): string {
  if (!/^[\w-]{1,64}$/.test(value)) {
    throw bad('ID', value, 'it is the id, or the start of the id, that haulyard status shows');
  }
  return value;
}

/** The shell of `completion`. Throws BadRequest. */
export function parseShell(value: string): Shell {
  return oneOf('SHELL', value, SHELLS);
}

/** `--type`: model, dataset or space. Throws BadRequest. */
export function parseType(value: string): RepositoryType {
  return oneOf('--type', value, REPOSITORY_TYPES);
}
