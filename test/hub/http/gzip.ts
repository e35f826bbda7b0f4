import { createGzip } from 'node:zlib';
import type { BlockReader } from '../content/content.ts';
import { type Reply, withHeaders } from './reply.ts';

/** The same reply with gzip-encoded body and no Content-Length. */
export function gzipped(reply: Reply): Reply {
  const body = { start: 0, length: null, open: () => gzipReader(reply.body.open()) };
  return withHeaders({ ...reply, body }, { 'content-encoding': 'gzip', 'content-length': null });
}

function gzipReader(plain: BlockReader): BlockReader {
  const gzip = createGzip({ level: 1 });
  const output = gzip[Symbol.asyncIterator]();
  const fed = feed(plain, gzip);
  let rest = Buffer.alloc(0);
  return {
    async next(maxBytes) {
      if (rest.length === 0) {
        const { value, done } = await output.next();
        if (done === true) {
          await fed;
          return Buffer.alloc(0);
        }
        rest = value;
      }
      const block = rest.subarray(0, maxBytes);
      rest = rest.subarray(block.length);
      return block;
    },
    close() {
      gzip.destroy();
      plain.close();
    },
  };
}

async function feed(plain: BlockReader, gzip: ReturnType<typeof createGzip>): Promise<void> {
  for (;;) {
    const block = await plain.next(1 << 18);
    if (block.length === 0) return void gzip.end();
    if (gzip.destroyed) return;
    if (!gzip.write(block))
      await new Promise<void>((resolve) => gzip.once('drain', resolve).once('close', resolve));
  }
}
