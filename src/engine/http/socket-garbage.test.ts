import { describe, expect, it } from 'vitest';
import { createSocketGarbage } from './socket-garbage.ts';

const MB = 1024 * 1024;

describe('createSocketGarbage', () => {
  it('collects once for every 8 MiB, and asks for the means when they are needed', () => {
    let asked = 0;
    let collected = 0;
    const count = createSocketGarbage(() => {
      asked += 1;
      return () => {
        collected += 1;
      };
    });
    for (let megabyte = 0; megabyte < 7; megabyte += 1) count(MB);
    expect([asked, collected]).toEqual([0, 0]);
    for (let megabyte = 7; megabyte < 24; megabyte += 1) count(MB);
    expect([asked, collected]).toEqual([1, 3]);
  });

  it('frees buffers that nobody holds', () => {
    const count = createSocketGarbage();
    count(8 * MB); // The first call may be the slow one.
    const before = process.memoryUsage().arrayBuffers;
    for (let megabyte = 0; megabyte < 64; megabyte += 1) {
      Buffer.allocUnsafeSlow(MB);
      count(MB);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MB);
  });

  it('leaves no trace in the global object', () => {
    createSocketGarbage()(8 * MB);
    expect('gc' in globalThis).toBe(false);
  });
});
