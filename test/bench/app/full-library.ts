import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The next commits and hashes that nobody else uses. */
const hex = (number: number, length: number) => number.toString(16).padStart(length, '0');

/** Makes so many models in three folders: most in the cache, each tenth one linked from one of two other volumes. */
export async function fillLibrary(cacheDir: string, root: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const name = `models--bench--model-${String(number).padStart(3, '0')}`;
    const isElsewhere = number % 10 === 0;
    const folder = isElsewhere
      ? join(root, number % 20 === 0 ? 'disk-a' : 'disk-b', name)
      : join(cacheDir, name);
    const commit = hex(number, 40);
    const snapshot = join(folder, 'snapshots', commit);
    await Promise.all([
      mkdir(snapshot, { recursive: true }),
      mkdir(join(folder, 'blobs'), { recursive: true }),
      mkdir(join(folder, 'refs'), { recursive: true }),
    ]);
    for (const [at, path] of ['config.json', 'model.safetensors', 'tokenizer.json'].entries()) {
      const hash = hex(number * 10 + at, 64);
      await writeFile(join(folder, 'blobs', hash), 'x'.repeat(1000 * (at + 1)));
      await symlink(join('..', '..', 'blobs', hash), join(snapshot, path));
    }
    await writeFile(join(folder, 'refs', 'main'), commit);
    if (isElsewhere) await symlink(folder, join(cacheDir, name));
  }
}
