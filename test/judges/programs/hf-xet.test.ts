import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cutBytes } from '../../../src/engine/sources/xet/format/cut-bytes.ts';
import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import { openKeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import { fileHash } from '../../../src/engine/sources/xet/format/tree.ts';
import { wasmKernel } from '../../../src/engine/sources/xet/kernel/wasm-kernel.ts';
import { readAll } from '../../hub/content/content.ts';
import { contentOf } from '../../hub/content/source.ts';
import { XET_KINDS, XET_REPOSITORY } from '../../hub/xet/content-kinds.ts';
import { openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { outputOf } from '../run-program.ts';

const PROGRAM = fileURLToPath(new URL('hf_xet_files.py', import.meta.url));
const CONTENTS = 2000;
const LARGEST_BYTES = 2 ** 21;

judge('hf_xet', ['python'], () => {
  it.each<[string, Record<string, string>, 'served' | 501]>([
    ['by the second version of reconstructions', {}, 'served'],
    ['by the first version, where the second is not served', {}, 501],
    ['by several ranges in one request', { HF_XET_CLIENT_ENABLE_MULTIRANGE_FETCHING: 'true' }, 'served'],
    ['by the first version, as asked for', { HF_XET_CLIENT_RECONSTRUCTION_API_VERSION: '1' }, 'served'],
  ])('downloads every kind of content from our Hub %s', async (_, env, v2) => {
    await using judged = await openJudgeWorld([XET_REPOSITORY], { xet: { v2 } });
    const paths = XET_KINDS.map(({ path }) => path);
    const printed = await judged.output('python', [PROGRAM, 'download', XET_REPOSITORY.id, ...paths], env);
    const right = await Promise.all(
      XET_KINDS.map(async (file) => {
        const bytes = await readAll(contentOf(file));
        return [file.path, createHash('sha256').update(bytes).digest('hex')];
      }),
    );
    expect(JSON.parse(printed)).toEqual(Object.fromEntries(right));
    expect(judged.hub.requests.some(({ path }) => path.startsWith('/xorbs/'))).toBe(true);
    expect(judged.hub.requests.some(({ path }) => path.startsWith('/repos/'))).toBe(false);
  });

  it(`gives ${CONTENTS} random contents the same hash as we do`, async () => {
    await using judged = await openJudgeWorld([]);
    const folder = join(judged.root, 'contents');
    await mkdir(folder);
    const kernel = wasmKernel(LARGEST_BYTES);
    const keyed = openKeyedHash();
    const ours: Record<string, string> = {};
    for (let index = 0; index < CONTENTS; index += 1) {
      const bytes = randomBytes(Math.floor(LARGEST_BYTES ** Math.random()));
      if (index % 7 === 0) bytes.fill(0, bytes.length >> 2, bytes.length >> 1);
      const path = join(folder, String(index));
      await writeFile(path, bytes);
      ours[path] = hashText(fileHash(cutBytes(kernel, bytes, 'modern'), keyed));
    }
    const stdin = Object.keys(ours).join('\n');
    const printed = await outputOf('python', [PROGRAM, 'hash'], { env: judged.env, cwd: judged.root, stdin });
    expect(JSON.parse(printed)).toEqual(ours);
  });
});
