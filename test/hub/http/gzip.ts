import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { BlockReader } from '../content/content.ts';
import { type Reply, withHeaders } from './reply.ts';

const READ_BYTES = 1 << 18;

/** The same reply with gzip-encoded body and no Content-Length. */
export function gzipped(reply: Reply): Reply {
  const body = { start: 0, length: null, open: () => gzipReader(reply.body.open()) };
  return withHeaders({ ...reply, body }, { 'content-encoding': 'gzip', 'content-length': null });
}

function gzipReader(plain: BlockReader): BlockReader {
  const gzip = createGzip({ level: 1 });
  const output = gzip[Symbol.asyncIterator]();
  pipeline(Readable.from(blocksOf(plain)), gzip, () => plain.close());
  let rest = Buffer.alloc(0);
  return {
    async next(maxBytes) {
      if (rest.length === 0) {
        const { value, done } = await output.next();
        if (done === true) return Buffer.alloc(0);
        rest = value;
      }
      const block = rest.subarray(0, maxBytes);
      rest = rest.subarray(block.length);
      return block;
    },
    close() {
      gzip.destroy();
    },
  };
}

async function* blocksOf(reader: BlockReader): AsyncGenerator<Buffer> {
  for (;;) {
    const block = await reader.next(READ_BYTES);
    if (block.length === 0) return;
    yield block;
  }
}
