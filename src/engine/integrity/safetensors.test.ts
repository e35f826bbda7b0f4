import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safetensorsProblem } from './safetensors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'haulyard-safetensors-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function problemOf(content: Buffer, size = content.length): string | null {
  const path = join(folder, 'model.safetensors');
  writeFileSync(path, content);
  const fd = openSync(path, 'r+');
  try {
    ftruncateSync(fd, size);
    return safetensorsProblem(fd);
  } finally {
    closeSync(fd);
  }
}

function lengthOf(bytes: bigint): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(bytes);
  return length;
}

/** A file with this text as its header and that many bytes of data. */
function withHeader(header: string, dataBytes = 0): Buffer {
  const text = Buffer.from(header);
  return Buffer.concat([lengthOf(BigInt(text.length)), text, Buffer.alloc(dataBytes)]);
}

const tensor = (start: unknown, end: unknown) => ({ dtype: 'F32', shape: [1], data_offsets: [start, end] });
const withTensors = (tensors: object, dataBytes: number) => withHeader(JSON.stringify(tensors), dataBytes);

describe('safetensorsProblem', () => {
  it.each<[string, Buffer]>([
    ['no tensor at all', withTensors({}, 0)],
    ['one tensor', withTensors({ a: tensor(0, 4) }, 4)],
    ['tensors in another order than their data', withTensors({ b: tensor(4, 8), a: tensor(0, 4) }, 8)],
    [
      'a tensor without bytes between others',
      withTensors({ a: tensor(0, 4), e: tensor(4, 4), b: tensor(4, 8) }, 8),
    ],
    ['metadata', withTensors({ __metadata__: { format: 'pt' }, a: tensor(0, 4) }, 4)],
    ['a header padded with spaces', withHeader(`${JSON.stringify({ a: tensor(0, 4) })}      `, 4)],
    [
      'names of the language itself',
      withHeader('{"__proto__":{"data_offsets":[0,2]},"constructor":{"data_offsets":[2,4]}}', 4),
    ],
  ])('accepts %s', (_case, content) => {
    expect(problemOf(content)).toBeNull();
  });

  it.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /too short/],
    ['a file of seven bytes', Buffer.alloc(7), /too short/],
    ['an empty header', withHeader(''), /not JSON/],
    [
      'a header length beyond the file',
      Buffer.concat([lengthOf(100n), Buffer.from('{}')]),
      /longer than the file/,
    ],
    [
      'the largest header length',
      Buffer.concat([lengthOf(2n ** 64n - 1n), Buffer.from('{}')]),
      /longer than the file/,
    ],
    ['text that is not JSON', withHeader('{"a":'), /not JSON/],
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), /longer than the file/],
    ['a list', withHeader('[]'), /not JSON/],
    ['null', withHeader('null'), /not JSON/],
    ['a number', withHeader('5'), /not JSON/],
    ['a tensor that is null', withTensors({ a: null }, 0), /"a" has no valid offsets/],
    ['a tensor without offsets', withTensors({ a: { dtype: 'F32' } }, 0), /no valid offsets/],
    ['three offsets', withTensors({ a: { data_offsets: [0, 1, 2] } }, 2), /no valid offsets/],
    ['offsets that are text', withTensors({ a: tensor('0', '4') }, 4), /no valid offsets/],
    ['offsets with a fraction', withTensors({ a: tensor(0, 4.5) }, 4), /no valid offsets/],
    ['offsets beyond exact numbers', withTensors({ a: tensor(0, 2 ** 53) }, 4), /no valid offsets/],
    ['offsets that run backwards', withTensors({ a: tensor(4, 0) }, 4), /no valid offsets/],
    ['negative offsets', withTensors({ a: tensor(-4, 4) }, 4), /without a gap/],
    ['a gap before the first tensor', withTensors({ a: tensor(4, 8) }, 8), /without a gap/],
    ['a gap between tensors', withTensors({ a: tensor(0, 4), b: tensor(6, 8) }, 8), /without a gap/],
    ['tensors that overlap', withTensors({ a: tensor(0, 6), b: tensor(4, 8) }, 8), /without a gap/],
    ['tensors of the same bytes', withTensors({ a: tensor(0, 4), b: tensor(0, 4) }, 4), /without a gap/],
    ['too little data', withTensors({ a: tensor(0, 8) }, 4), /need 8 bytes of data, the file has 4/],
    [
      'data behind the last tensor',
      withTensors({ a: tensor(0, 4) }, 5),
      /need 4 bytes of data, the file has 5/,
    ],
    ['data without a tensor', withTensors({}, 4), /need 0 bytes of data, the file has 4/],
  ])('refuses %s', (_case, content, problem) => {
    expect(problemOf(content)).toMatch(problem);
  });

  it('refuses a header longer than the format allows without reading it', () => {
    expect(problemOf(lengthOf(100_000_001n), 300_000_000)).toMatch(/longer/);
  });

  it('does not parse a header that would take too much memory', () => {
    const hostile = withHeader(`[${'{},'.repeat(2_700_000)}{}]`);
    expect(problemOf(hostile)).toBeNull();
  });

  it('survives a header that is nested seven million levels deep', () => {
    expect(problemOf(withHeader('['.repeat(7_000_000)))).toMatch(/not JSON/);
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(problemOf(withHeader(deep))).toMatch(/no valid offsets/);
  });

  it('shortens and escapes a hostile name', () => {
    const problem = problemOf(withTensors({ [`\u001b[2J${'x'.repeat(1000)}`]: 1 }, 0)) ?? '';
    expect(problem.length).toBeLessThan(150);
    expect(problem).not.toContain('\u001b');
  });
});
