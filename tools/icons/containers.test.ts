import { describe, expect, it } from 'vitest';
import { icns, ico } from './containers.ts';

const picture = (size: number, text: string) => ({ size, png: new Uint8Array(Buffer.from(text)) });

describe('icns', () => {
  it('tells its whole length, then each picture with its type and length', () => {
    const file = icns([picture(16, 'abc'), picture(1024, 'de')]);
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    expect(file.toString('latin1', 8, 12)).toBe('icp4');
    expect(file.readUInt32BE(12)).toBe(8 + 3);
    expect(file.toString('latin1', 16, 19)).toBe('abc');
    expect(file.toString('latin1', 19, 23)).toBe('ic10');
  });

  it('holds a picture twice that is one size for plain and another for Retina displays', () => {
    const file = icns([picture(32, 'x')]).toString('latin1');
    expect(file).toContain('icp5');
    expect(file).toContain('ic11');
  });

  it('refuses a size that the format does not have', () => {
    expect(() => icns([picture(48, 'x')])).toThrow('48');
  });
});

describe('ico', () => {
  it('points to where each picture begins', () => {
    const file = ico([picture(16, 'abc'), picture(256, 'defg')]);
    const [first, second] = [6, 22];
    expect(file.readUInt16LE(4)).toBe(2);
    expect([file.readUInt8(first), file.readUInt8(second)]).toEqual([16, 0]);
    const at = (entry: number) => {
      const start = file.readUInt32LE(entry + 12);
      return file.toString('latin1', start, start + file.readUInt32LE(entry + 8));
    };
    expect([at(first), at(second)]).toEqual(['abc', 'defg']);
  });
});
