import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { type RecordDecoder, recordDecoder } from '../sources/xet/format/decode-records.ts';
import { XetFormatError } from '../sources/xet/format/format-error.ts';
import type { PieceKernel } from '../sources/xet/kernel/kernel.ts';
import { loadKernel } from '../sources/xet/kernel/load-kernel.ts';
import { BlockCrcs } from './block-crc.ts';
import { chooseCopies } from './choose-copies.ts';
import {
  type FilePart,
  type HashAnswers,
  type HashReply,
  type HashRequest,
  MALFORMED,
} from './hash-protocol.ts';
import { PIECES_INPUT_BYTES, readPieces } from './pieces.ts';
import { safetensorsProblem } from './safetensors.ts';
import { writtenParts } from './written-parts.ts';

/**
 * Entry point of a hash worker thread. Reading is synchronous on purpose: the thread has nothing else to do, and what
 * it reads was just written and is in the page cache.
 */

/** Large enough to keep calls few, small enough to stay in the processor's cache. */
const buffer = Buffer.allocUnsafe(1024 * 1024);
const streams = new Map<number, { readonly hash: Hash; readonly blocks: boolean }>();
/** Created at the first use: most threads never cut or decode anything. */
let kernel: PieceKernel | null = null;
let decode: RecordDecoder | null = null;

parentPort?.on('message', ({ id, request }: { id: number; request: HashRequest }) => {
  parentPort?.postMessage(reply(id, request));
});

function reply(id: number, request: HashRequest): HashReply {
  try {
    return { id, ok: true, value: answer(request) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof XetFormatError) return { id, ok: false, message, code: MALFORMED };
    return { id, ok: false, message, code: code ?? null };
  }
}

function answer(request: HashRequest): HashAnswers[keyof HashAnswers] {
  switch (request.op) {
    case 'hash': {
      const hash = createHash(request.algorithm);
      read(request.part, (bytes) => hash.update(bytes));
      return hash.digest('hex');
    }
    case 'open': {
      const { stream, algorithm, prefix, blocks } = request;
      streams.set(stream, { hash: createHash(algorithm).update(prefix), blocks });
      return null;
    }
    case 'feed':
      return feedStream(request.stream, request.part);
    case 'blocks': {
      const crcs = new BlockCrcs(request.part.start);
      read(request.part, (bytes) => crcs.add(bytes));
      return crcs.crcs;
    }
    case 'pieces': {
      const { path, start, end } = request.part;
      kernel ??= loadKernel(PIECES_INPUT_BYTES);
      const cutter = kernel;
      return withFile(path, (fd) => readPieces(fd, cutter, start, end, request.cutting));
    }
    case 'choose':
      return chooseCopies(request.part, request.choice, read);
    case 'decode':
      decode ??= recordDecoder();
      decode(request.batch, request.out);
      return null;
    case 'digest': {
      const digest = streamOf(request.stream).hash.digest('hex');
      streams.delete(request.stream);
      return digest;
    }
    case 'drop':
      streams.delete(request.stream);
      return null;
    case 'safetensors':
      return withFile(request.path, safetensorsProblem);
    case 'written':
      return withFile(request.path, (fd) => writtenParts(fd, request.maxBytes));
  }
}

function streamOf(stream: number): { readonly hash: Hash; readonly blocks: boolean } {
  const open = streams.get(stream);
  if (!open) throw new Error(`no hash stream ${stream}`);
  return open;
}

/** A part that could not be read completely leaves a useless state: the stream ends with it. */
function feedStream(stream: number, part: FilePart): Uint32Array | null {
  const { hash, blocks } = streamOf(stream);
  const crcs = blocks ? new BlockCrcs(part.start) : null;
  try {
    read(part, (bytes) => {
      hash.update(bytes);
      crcs?.add(bytes);
    });
    return crcs?.crcs ?? null;
  } catch (error) {
    streams.delete(stream);
    throw error;
  }
}

/** Passes on a part of a file in pieces; a piece is valid until the next one is read. */
function read({ path, start, end }: FilePart, take: (bytes: Buffer) => void): void {
  withFile(path, (fd) => {
    for (let at = start; at < end; ) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, end - at), at);
      if (count === 0) throw Object.assign(new Error('the file ends before the part does'), { code: 'EOF' });
      take(buffer.subarray(0, count));
      at += count;
    }
  });
}

function withFile<T>(path: string, work: (fd: number) => T): T {
  const fd = openSync(path, 'r');
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}
