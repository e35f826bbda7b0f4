import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readErrorText, readText } from './read-text.ts';

describe('readText', () => {
  it('gives a short body whole', async () => {
    expect(await readText(Readable.from([Buffer.from('añ')]), 100)).toEqual({ text: 'añ', complete: true });
  });

  it('takes a body of exactly the limit for complete', async () => {
    expect(await readText(Readable.from([Buffer.from('abcd')]), 4)).toEqual({ text: 'abcd', complete: true });
  });

  it('stops an endless body at the limit and destroys it', async () => {
    let made = 0;
    const body = new Readable({
      read() {
        made += 1;
        this.push(Buffer.alloc(1024, 'x'));
      },
    });
    const { text, complete } = await readText(body, 3000);
    expect([text.length, complete, body.destroyed]).toEqual([3000, false, true]);
    expect(made).toBeLessThan(200);
  });

  it('unpacks gzip', async () => {
    const body = Readable.from([gzipSync('hello')]);
    expect(await readText(body, 100, 'gzip')).toEqual({ text: 'hello', complete: true });
  });

  it('counts the bytes after unpacking, so that a bomb does not go off', async () => {
    const body = Readable.from([gzipSync(Buffer.alloc(50 << 20))]);
    const { text, complete } = await readText(body, 1000, 'gzip');
    expect([text.length, complete]).toEqual([1000, false]);
  });

  it('fails for damaged gzip and for unknown encodings', async () => {
    await expect(readText(Readable.from([Buffer.from('not gzip')]), 100, 'gzip')).rejects.toThrow();
    await expect(readText(Readable.from([Buffer.from('x')]), 100, 'br')).rejects.toMatchObject({
      code: 'ServerError',
    });
  });

  it('passes on that the body broke off, also through gzip', async () => {
    await expect(readText(broken(), 100)).rejects.toThrow('broke off');
    await expect(readText(broken(), 100, 'gzip')).rejects.toThrow('broke off');
  });
});

describe('readErrorText', () => {
  it('gives nothing for a body that breaks off', async () => {
    expect(await readErrorText(broken())).toBe('');
  });

  it('reads no more than 16 KiB', async () => {
    const body = new Readable({
      read() {
        this.push(Buffer.alloc(1000, 'x'));
      },
    });
    expect((await readErrorText(body)).length).toBe(16_384);
  });
});

function broken(): Readable {
  return new Readable({
    read() {
      this.destroy(new Error('broke off'));
    },
  });
}
