import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createJsonFile } from './json-file.ts';

const schema = z.object({ size: z.number().default(7) });

async function setUp(content?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-json-'));
  const path = join(folder, 'deep', 'settings.json');
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const file = createJsonFile({ path, schema, log });
  if (content !== undefined) {
    await file.write({ size: 1 });
    await writeFile(path, content);
  }
  return { file, path, log, folder };
}

describe('createJsonFile', () => {
  it('gives the defaults while there is no file, without a warning', async () => {
    const { file, log } = await setUp();
    expect(await file.read()).toEqual({ size: 7 });
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('reads what it wrote, in a file for its owner only', async () => {
    const { file, path } = await setUp();
    await file.write({ size: 9 });
    expect(await file.read()).toEqual({ size: 9 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no JSON', '{"size":'],
    ['another form', '{"size":"large"}'],
    ['no object', 'null'],
  ])('sets a file with %s aside and says so', async (_what, content) => {
    const { file, path, log } = await setUp(content);
    expect(await file.read()).toEqual({ size: 7 });
    expect(await readFile(`${path}.broken`, 'utf8')).toBe(content);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('ends with the last of many writes, and leaves no draft behind', async () => {
    const { file, folder } = await setUp();
    await Promise.all([1, 2, 3, 4, 5].map((size) => file.write({ size })));
    expect(await file.read()).toEqual({ size: 5 });
    expect(await readdir(join(folder, 'deep'))).toEqual(['settings.json']);
  });
});
