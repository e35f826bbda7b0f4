import { describe, expect, it } from 'vitest';
import { chooseAdoptingFile } from './choose-adopting-file.ts';

const HASH = 'a'.repeat(64);
const file = (path: string, size = 1000, installed = false, hash = 'f'.repeat(64)) => ({
  path,
  size,
  hash,
  installed,
});
const CONFIG = file('config.json', 50, true);
const WEIGHTS = file('model.safetensors', 1000, false, HASH);
const OTHER = file('tokenizer-e351c8d8.safetensors', 600);
const FILES = [CONFIG, OTHER, WEIGHTS];
const choose = (name: string, bytes = 100, files = FILES, named?: string) =>
  chooseAdoptingFile(files, { path: `/home/me/${name}`, bytes }, named).path;

describe('the file that a partial belongs to', () => {
  it.each([
    ['wget', 'tokenizer-e351c8d8.safetensors'],
    ['curl', 'tokenizer-e351c8d8.safetensors.part'],
    ['Chrome', 'tokenizer-e351c8d8.safetensors.crdownload'],
    ['Chrome, for a name that is taken', 'tokenizer-e351c8d8 (1).safetensors.crdownload'],
    ['Firefox', 'tokenizer-e351c8d8.vGxh8Wcz.safetensors.part'],
    ['Safari', 'tokenizer-e351c8d8.safetensors.download'],
  ])('is known by its name, as %s gives it', (_who, name) => {
    expect(choose(name)).toBe(OTHER.path);
  });

  it('is found by the hash in the name, as the Hugging Face tools write it', () => {
    expect(choose(`${HASH}.1a2b3c4d.incomplete`)).toBe(WEIGHTS.path);
  });

  it('is the largest unfinished one when the name gives no hint', () => {
    expect(choose('Unconfirmed 1234.crdownload')).toBe(WEIGHTS.path);
  });

  it('is the named one, whatever the partial is called', () => {
    expect(choose('model.safetensors', 100, FILES, OTHER.path)).toBe(OTHER.path);
  });

  it('may lie in a folder of the repository', () => {
    const files = [WEIGHTS, file('weights/shard-1.safetensors')];
    expect(choose('shard-1.safetensors.part', 10, files)).toBe('weights/shard-1.safetensors');
  });
});

describe('refused is', () => {
  it.each([
    [
      'a partial larger than the file of its name',
      'tokenizer-e351c8d8.safetensors',
      601,
      /part of another file/,
    ],
    ['a partial larger than every file', 'unknown', 1001, /as large as/],
    ['a partial of a finished file', 'config.json', 10, /is complete/],
  ])('%s', (_what, name, bytes, words) => {
    expect(() => choose(name, bytes)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
    expect(() => choose(name, bytes)).toThrow(words);
  });

  it('a name that several unfinished files have', () => {
    const files = [file('a/model.bin'), file('b/model.bin')];
    expect(() => choose('model.bin', 10, files)).toThrow(/a\/model\.bin, b\/model\.bin/);
  });

  it('a file that the download does not have', () => {
    expect(() => choose('x', 10, FILES, 'y.bin')).toThrow(/no file y\.bin/);
  });
});
