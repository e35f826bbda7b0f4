import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentOf } from '../hub/content/source.ts';
import type { TestApp } from './app.ts';
import { REPOSITORIES } from './fixtures.ts';

/** Writes the first `bytes` of the weights of a repository, as another tool would have left them behind; returns the path. */
export async function writePartial({ root }: TestApp, repo: string, bytes: number): Promise<string> {
  const file = REPOSITORIES.find(({ id }) => id === repo)?.files?.find(
    ({ path }) => path === 'model.safetensors',
  );
  if (file === undefined) throw new Error(`There are no weights in ${repo}.`);
  const reader = contentOf(file).open(0, bytes);
  const parts: Buffer[] = [];
  for (;;) {
    const block = await reader.next(1 << 20);
    if (block.length === 0) break;
    parts.push(Buffer.from(block));
    reader.release?.(block);
  }
  reader.close();
  const path = join(root, 'model.safetensors.part');
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** Lets the next file dialog of the system answer with this path. */
export async function chooseInDialog({ app }: TestApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (async () => ({
      canceled: false,
      filePaths: [chosen],
    })) as typeof dialog.showOpenDialog;
  }, path);
}

/** Drops a file of the disk on an element, as from Finder. */
export async function dropFile({ page }: TestApp, at: { x: number; y: number }, path: string): Promise<void> {
  const debug = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await debug.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await debug.detach();
}
