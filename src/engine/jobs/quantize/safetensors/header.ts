import type { ErrorCode } from '../../../../shared/contract/errors.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import { countKeys } from './count-keys.ts';
import { dtypeBytes } from './dtypes.ts';

/** Bytes of the length in front of the header. Source: https://github.com/huggingface/safetensors#format */
export const LENGTH_BYTES = 8;
/**
 * Longest header that is read; the largest models have 1 MB. JSON takes up to twenty times its length in memory, so the
 * 100 MB that the format allows would take all there is.
 */
export const MAX_HEADER_BYTES = 8_000_000;
/** Most dimensions of a tensor; the models of this program have five at most. */
const MAX_RANK = 32;

/** A tensor of a file. Offsets count from the start of the file. */
export interface Tensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The header of a file: its tensors in the order of their data, and its metadata. */
export interface Header {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly fileBytes: number;
}

/**
 * Reads the header of a safetensors file and checks all its claims against the length of the file. Throws `BadRequest`
 * naming `file` when it is not such a file or its tensors overlap, leave holes, or do not fill it.
 */
export function parseHeader(file: string, head: Uint8Array, fileBytes: number): Header {
  const lie = (what: string) => refusal(file, what);
  const json = new TextDecoder('utf-8', { fatal: true });
  let parsed: unknown;
  try {
    const text = json.decode(head);
    if (!text.startsWith('{')) throw lie('its header does not begin with {');
    parsed = JSON.parse(text);
    if (countKeys(text) !== Object.keys(parsed as object).length) throw lie('it names a tensor twice');
  } catch (error) {
    throw error instanceof AppError ? error : lie('its header is not JSON');
  }
  const { __metadata__: metadata, ...entries } = parsed as Record<string, unknown>;
  const dataStart = LENGTH_BYTES + head.length;
  const tensors = Object.entries(entries)
    .map(([name, entry]) => tensorOf(name, entry, dataStart, lie))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let at = dataStart;
  for (const { name, start, end } of tensors) {
    if (start !== at) throw lie(`its data ${start < at ? 'overlap' : 'have a hole'} at ${shown(name)}`);
    at = end;
  }
  if (at !== fileBytes) throw lie(`its tensors end at byte ${at}, the file at byte ${fileBytes}`);
  return { tensors, metadata: textsOf(metadata, lie), fileBytes };
}

/** The length of the header from the first 8 bytes of a file. Throws `BadRequest` as {@link parseHeader} does. */
export function headerLength(file: string, first: Uint8Array, fileBytes: number): number {
  if (first.length < LENGTH_BYTES) throw refusal(file, 'it is too short for a header');
  const length = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(fileBytes - LENGTH_BYTES)) throw refusal(file, 'its header is longer than the file');
  if (length > BigInt(MAX_HEADER_BYTES)) throw refusal(file, `its header has ${length} bytes`);
  return Number(length);
}

function tensorOf(name: string, entry: unknown, dataStart: number, lie: (what: string) => AppError): Tensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const wrong = () => lie(`the entry of ${shown(name)} makes no sense`);
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets)) throw wrong();
  const bytes = dtypeBytes(dtype);
  if (bytes === undefined) throw lie(`${shown(name)} has the unknown type ${shown(dtype)}`);
  const [start, end] = offsets;
  if (offsets.length !== 2 || start === undefined || end === undefined || shape.length > MAX_RANK)
    throw wrong();
  if (end - start !== shape.reduce((product, size) => product * size, bytes)) {
    throw lie(`${shown(name)} has ${end - start} bytes, which is not what its shape needs`);
  }
  return { name, dtype, shape, start: dataStart + start, end: dataStart + end };
}

function textsOf(value: unknown, lie: (what: string) => AppError): Record<string, string> {
  // MLX's own writer uses null when there are none.
  if (value === undefined || value === null) return {};
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.values(value).some((text) => typeof text !== 'string')) {
    throw lie('its __metadata__ is not a list of texts');
  }
  return value as Record<string, string>;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 80).toWellFormed());

function refusal(file: string, what: string, code: ErrorCode = 'BadRequest'): AppError {
  return new AppError(
    code,
    `${file} is not a safetensors file that can be used: ${what}. Nothing was changed.`,
  );
}
