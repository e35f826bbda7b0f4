import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeWorld, type QuantizeWorld } from '../../../../test/quantize/world.ts';

let world: QuantizeWorld;
afterEach(() => world.remove());

const finalFolder = () => join(world.root, 'kyutai', 'moshiko-mlx-bf16-q4');

/** Puts other weights in the place of the source, under the hash that they have: nothing is damaged about them. */
async function replaceWeights(edit: (bytes: Buffer, headerEnd: number) => Buffer): Promise<void> {
  const blob = await realpath(world.source);
  const bytes = await readFile(blob);
  const edited = edit(bytes, 8 + Number(bytes.readBigUInt64LE(0)));
  const other = join(dirname(blob), createHash('sha256').update(edited).digest('hex'));
  await rm(blob);
  await writeFile(other, edited);
  await unlink(world.source);
  await symlink(relative(dirname(world.source), other), world.source);
}

/** Changes the text of a header without changing its length. */
const inHeader = (from: RegExp, to: string) => (bytes: Buffer, end: number) => {
  const text = bytes.toString('latin1', 8, end);
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  bytes.write(edited.slice(0, text.length), 8, 'latin1');
  return bytes;
};

describe('weights that nothing is made from', () => {
  it.each([
    ['end before their header says', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['lie on top of each other', inHeader(/"data_offsets":\[0,/, '"data_offsets":[2,')],
    ['have no known type', inHeader(/"dtype":"BF16"/, '"dtype":"BF61"')],
    ['have a header that is no JSON', inHeader(/^./, '[')],
  ])('%s: refused before anything is written', async (_what, edit) => {
    world = await makeWorld();
    await replaceWeights(edit);
    await expect(world.builds.start(world.wish())).rejects.toMatchObject({ code: 'BadRequest' });
    expect(world.builds.list()).toEqual([]);
    expect(await lstat(world.root).catch(() => null)).toBeNull();
  });

  it.each([
    ['not a number', 0x7fc0],
    ['infinite', 0xff80],
  ])('hold a value that is %s: the tensor is named, nothing gets the final name', async (_what, pattern) => {
    world = await makeWorld();
    await replaceWeights((bytes, headerEnd) => {
      bytes.writeUInt16LE(pattern, headerEnd + 64);
      return bytes;
    });
    const id = await world.builds.start(world.wish());
    const { error } = await world.until(id, 'failed');
    expect(error).toMatchObject({ code: 'BadRequest' });
    expect(error?.message).toMatch(/^audio_embs\.0\.weight holds a value that is not a number/);
    expect(await lstat(finalFolder()).catch(() => null)).toBeNull();
  });
});

describe('a place that changes while something is made for it', () => {
  it('is left alone when somebody puts a folder under the final name', async () => {
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'recompute') await mkdir(join(finalFolder(), 'theirs'), { recursive: true });
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'PathUnsafe' });
    expect(await readdir(finalFolder())).toEqual(['theirs']);
  });
});
