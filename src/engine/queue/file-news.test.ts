import { describe, expect, it } from 'vitest';
import { FileNews } from './file-news.ts';

/** A file with this many bytes on disk. */
const file = (path: string, receivedBytes: number, installed = false) => ({
  row: { path, installed },
  progress: () => ({ receivedBytes, verifiedBytes: 0, chunksDone: 0, chunksTotal: 4 }),
});
const paths = (news: ReadonlyArray<{ readonly path: string }>) => news.map(({ path }) => path);

describe('FileNews', () => {
  it('reports a file when some of it is on disk, and again only when that changed', () => {
    const news = new FileNews();
    expect(paths(news.take([file('a', 0), file('b', 5)]))).toEqual(['b']);
    expect(paths(news.take([file('a', 0), file('b', 5)]))).toEqual([]);
    expect(paths(news.take([file('a', 1), file('b', 5)]))).toEqual(['a']);
    expect(paths(news.take([file('a', 1), file('b', 5, true)]))).toEqual(['b']);
  });

  it('reports that a file was lost', () => {
    const news = new FileNews();
    news.take([file('a', 5)]);
    expect(news.take([file('a', 0)])).toMatchObject([{ path: 'a', receivedBytes: 0 }]);
  });

  it('reports 250 files in three events', () => {
    const news = new FileNews();
    const files = Array.from({ length: 250 }, (_, index) => file(`f${index}`, 1));
    const told = [news.take(files), news.take(files), news.take(files), news.take(files)];
    expect(told.map(({ length }) => length)).toEqual([100, 100, 50, 0]);
    expect(new Set(told.flatMap(paths)).size).toBe(250);
  });
});
