import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { type ContentSource, contentOf } from './source.ts';

/** How the Hub names content: LFS files by SHA-256, small files by their git blob id. */
export type Algorithm = 'sha256' | 'git-sha1';

/** What {@link digestOf} needs, in a form that a worker thread can be given. */
export interface DigestTask {
  readonly source: ContentSource;
  readonly algorithm: Algorithm;
}

const READ_BYTES = 1 << 20;
const WORKER_FROM_BYTES = 4 << 20;

/** Hash of a content in hex. Large contents are hashed in a worker thread, so that a server continues to respond. */
export function digestOf(task: DigestTask): Promise<string> {
  return contentOf(task.source).size >= WORKER_FROM_BYTES ? digestInWorker(task) : digestHere(task);
}

/** Hashes a content in this thread, as a stream. */
export async function digestHere({ source, algorithm }: DigestTask): Promise<string> {
  const content = contentOf(source);
  const hash =
    algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${content.size}\0`);
  const reader = content.open(0, content.size);
  try {
    for (;;) {
      const block = await reader.next(READ_BYTES);
      if (block.length === 0) return hash.digest('hex');
      hash.update(block);
      reader.release?.(block);
    }
  } finally {
    reader.close();
  }
}

function digestInWorker(task: DigestTask): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./digest-worker.ts', import.meta.url), {
      workerData: task,
      execArgv: [],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Git blob id: SHA-1 of `blob <length>`, a NUL and the content. */
export function gitBlobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The pointer that git stores instead of an LFS file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export function lfsPointer(sha256: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
}
