import { Worker } from 'node:worker_threads';
import { DATA_KEY } from '../../../src/engine/sources/xet/format/keys.ts';
import type { HashedSpan } from '../../../src/engine/sources/xet/format/tree.ts';
import { HASH_BYTES } from '../../../src/engine/sources/xet/kernel/kernel.ts';
import { type CutRule, MAX_CHUNK_BYTES } from '../../../src/engine/sources/xet/kernel/limits.ts';
import { wasmKernel } from '../../../src/engine/sources/xet/kernel/wasm-kernel.ts';
import { type ContentSource, contentOf } from '../content/source.ts';

const ROOM_BYTES = 2 * 1024 * 1024;
const WORKER_FROM_BYTES = 4 << 20;

/** A request to a worker. */
export interface ChunkTask {
  readonly source: ContentSource;
  readonly rule: CutRule;
}

/** The chunks into which an uploader of that generation cuts a content. Large contents are cut in a worker thread. */
export async function chunksOf(task: ChunkTask): Promise<HashedSpan[]> {
  const large = contentOf(task.source).size >= WORKER_FROM_BYTES;
  const { lengths, hashes } = large ? await inWorker(task) : await cutHere(task);
  return Array.from(lengths, (length, index) => ({
    hash: hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
    length,
  }));
}

interface Cut {
  readonly lengths: readonly number[];
  readonly hashes: Uint8Array;
}

/** Cuts a content in this thread, as a stream. */
export async function cutHere({ source, rule }: ChunkTask): Promise<Cut> {
  const content = contentOf(source);
  const kernel = wasmKernel(ROOM_BYTES);
  const reader = content.open(0, content.size);
  const lengths: number[] = [];
  const hashes: Uint8Array[] = [];
  let filled = 0;
  let at = 0;
  for (let ended = false; !ended || at < filled; ) {
    kernel.input.copyWithin(0, at, filled);
    filled -= at;
    at = 0;
    while (!ended && filled < ROOM_BYTES) {
      const block = await reader.next(ROOM_BYTES - filled);
      kernel.input.set(block, filled);
      filled += block.length;
      ended = block.length === 0;
      reader.release?.(block);
    }
    while (at < filled && (ended || filled - at >= MAX_CHUNK_BYTES)) {
      const length = kernel.cut(at, filled, rule);
      lengths.push(length);
      hashes.push(kernel.hash(at, at + length, DATA_KEY));
      at += length;
    }
  }
  reader.close();
  return { lengths, hashes: Buffer.concat(hashes) };
}

function inWorker(task: ChunkTask): Promise<Cut> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./chunk-worker.ts', import.meta.url), {
      workerData: task,
      execArgv: [],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
