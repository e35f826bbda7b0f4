import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { flipBit } from '../../../../../test/quantize/flip-bit.ts';
import { MIMI, makeWorld, type QuantizeWorld } from '../../../../../test/quantize/world.ts';
import { PROVENANCE_FILE, type Provenance } from './provenance.ts';

let world: QuantizeWorld;
let folder: string;
afterEach(() => world.remove());

const CONFIG = { moshi_name: 'model.safetensors', dim: 512 };
const WEIGHTS = 'model.q4.safetensors';

/** Builds Q4 to the end. */
async function make(options: Parameters<typeof makeWorld>[0] = {}): Promise<void> {
  world = await makeWorld({ config: CONFIG, ...options });
  const id = await world.builds.start(world.wish());
  folder = (await world.until(id, 'ready')).path;
}

/** Updates `haulyard.json` to match the folder, as somebody would who wants a change to go unnoticed. */
async function cover(name: string): Promise<void> {
  const file = join(folder, PROVENANCE_FILE);
  const provenance = JSON.parse(await readFile(file, 'utf8')) as Provenance;
  const content = await readFile(join(folder, name));
  for (const entry of [provenance.output, ...provenance.companions, ...provenance.written]) {
    if (entry.path !== name) continue;
    entry.sha256 = createHash('sha256').update(content).digest('hex');
    entry.size = content.length;
  }
  await writeFile(file, JSON.stringify(provenance));
}

const wrongIn = ({ files }: Awaited<ReturnType<QuantizeWorld['verify']>>) =>
  files.filter(({ ok }) => ok !== true).map(({ path }) => path);

describe('verifying a built model', () => {
  it('finds everything right, and names each file that programs read', async () => {
    await make();
    const report = await world.verify();
    expect(report.ok).toBe(true);
    expect(report.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([WEIGHTS, MIMI, 'config.json']),
    );
    expect((await world.verify({ againstSource: true })).ok).toBe(true);
  });

  it.each([
    ['weights', WEIGHTS, 300_000],
    ['a companion', MIMI, 1],
    ['config.json', 'config.json', 5],
  ])('finds one changed bit in %s', async (_what, name, at) => {
    await make();
    await flipBit(join(folder, name), at);
    const report = await world.verify();
    expect([report.ok, wrongIn(report)]).toEqual([false, [name]]);
    expect((await world.verify({ quick: true })).ok).toBe(true);
  });

  it('finds a missing file, even when it checks sizes only', async () => {
    await make();
    await rm(join(folder, 'config.json'));
    expect(wrongIn(await world.verify({ quick: true }))).toEqual(['config.json']);
  });

  it('says of an older haulyard.json without the small files what it can', async () => {
    await make();
    const file = join(folder, PROVENANCE_FILE);
    const { written: _written, ...older } = JSON.parse(await readFile(file, 'utf8')) as Provenance;
    await writeFile(file, JSON.stringify(older));
    const report = await world.verify({ againstSource: true });
    expect(report.ok).toBe(true);
    expect(report.files.map(({ path }) => path)).not.toContain('config.json');
  });
});

describe('verifying against the source', () => {
  it.each([
    ['a code', WEIGHTS, 300_000],
    ['the header', WEIGHTS, 60],
    ['config.json', 'config.json', 25],
    ['a companion', MIMI, 1],
  ])('finds a change of %s that haulyard.json was made to fit', async (_what, name, at) => {
    await make();
    await flipBit(join(folder, name), at);
    await cover(name);
    expect((await world.verify()).ok).toBe(true);
    expect(wrongIn(await world.verify({ againstSource: true }))).toEqual([name]);
  });

  it('reports that it cannot when the source is gone', async () => {
    await make();
    await rm(join(world.cacheDir, 'models--kyutai--moshiko-mlx-bf16'), { recursive: true });
    expect((await world.verify()).ok).toBe(true);
    await expect(world.verify({ againstSource: true })).rejects.toMatchObject({ code: 'NotFound' });
  });
});
