import { describe, expect, it } from 'vitest';
import { parseEndpoint } from './endpoint.ts';
import { type ParseContext, parseListing } from './parse-listing.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const MIB = 2 ** 20;

function context(changes: Partial<ParseContext> = {}): ParseContext {
  return {
    endpoint: parseEndpoint('http://127.0.0.1:9'),
    listingWorkerUrl: new URL('listing-worker.ts', import.meta.url),
    signal: new AbortController().signal,
    ...changes,
  };
}

/** A repository whose list repeats `entry` up to `bytes`. */
const repository = (entry: string, bytes: number) =>
  new Uint8Array(
    Buffer.from(`{"sha":"${COMMIT}","siblings":[${`${entry},`.repeat(bytes / (entry.length + 1))}${entry}]}`),
  );
const file = (path: string) => ({ rfilename: path, size: 3, blobId: SHA1 });
const manyFiles = (count: number) =>
  new Uint8Array(
    Buffer.from(
      JSON.stringify({
        sha: COMMIT,
        siblings: Array.from({ length: count }, (_, index) => file(`part-${index}/weights.bin`)),
      }),
    ),
  );

describe('a long listing', () => {
  it('is read in a thread, file by file and in order', async () => {
    const { commit, undescribed, files } = await parseListing('repository', manyFiles(12_345), context());
    expect({ commit, undescribed, count: files.length }).toEqual({
      commit: COMMIT,
      undescribed: [],
      count: 12_345,
    });
    expect(files[12_344]).toEqual({
      path: 'part-12344/weights.bin',
      size: 3,
      hash: SHA1,
      algorithm: 'git-sha1',
    });
  });

  it.each(['{}', '[]', '0', '"x"', 'null', '{"rfilename":"a"}x', '[[[[[]]]]]'])(
    'of 63 MB of %s is refused at its first entry',
    async (entry) => {
      const parsing = parseListing('repository', repository(entry, 63 * MIB), context());
      await expect(parsing).rejects.toMatchObject({ code: 'BadRequest' });
    },
    30_000,
  );

  it('of names without hashes is read to its end in little memory', async () => {
    const parsed = await parseListing('repository', repository('{"rfilename":"a"}', 4 * MIB), context());
    expect(parsed.files).toEqual([]);
    expect(parsed.undescribed.length).toBeGreaterThan(200_000);
  }, 30_000);

  it('with more files than any repository has is refused', async () => {
    const endless = repository('{"rfilename":"a"}', 20 * MIB);
    const parsing = parseListing('repository', endless, context());
    await expect(parsing).rejects.toMatchObject({ code: 'ServerError', retryable: false });
  }, 30_000);

  it('that hides its bulk outside the list is rejected', async () => {
    const text = `{"sha":"${COMMIT}","siblings":[],"tags":[${'[],'.repeat(4 * MIB)}[]]}`;
    const parsing = parseListing('repository', new Uint8Array(Buffer.from(text)), context());
    await expect(parsing).rejects.toMatchObject({ code: 'ServerError', retryable: false });
  }, 30_000);

  it('page of a tree is read the same way', async () => {
    const bomb = new Uint8Array(Buffer.from(`[${'{},'.repeat(8 * MIB)}{}]`));
    await expect(parseListing('tree', bomb, context())).rejects.toMatchObject({ code: 'BadRequest' });
  }, 30_000);

  it('costs a thread and not the process when the thread does not survive it', async () => {
    const listingWorkerUrl = new URL(
      `data:text/javascript,${encodeURIComponent("throw new RangeError('Array buffer allocation failed')")}`,
    );
    const parsing = parseListing('repository', manyFiles(5000), context({ listingWorkerUrl }));
    await expect(parsing).rejects.toMatchObject({ code: 'ServerError', retryable: false });
  });

  it('is noted down while it is read, and only then', async () => {
    const notes: string[] = [];
    const whileParsing = async <T>(parse: () => Promise<T>): Promise<T> => {
      notes.push('begin');
      return parse().finally(() => notes.push('end'));
    };
    await parseListing('repository', manyFiles(10), context({ whileParsing }));
    expect(notes).toEqual([]);
    await parseListing('repository', manyFiles(5000), context({ whileParsing }));
    expect(notes).toEqual(['begin', 'end']);
  });

  it('stops when aborted', async () => {
    const stop = new AbortController();
    const parsing = parseListing('repository', manyFiles(100_000), context({ signal: stop.signal }));
    stop.abort();
    await expect(parsing).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
