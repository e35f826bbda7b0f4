import { describe, expect, it } from 'vitest';
import { announcedName, type RawAnnouncement, readAnnouncement } from './announcement.ts';

const GOOD = {
  name: 'Studio (abcdef12)',
  port: 8900,
  txt: { id: 'abcdef12', version: '1.0.0' },
  referer: { address: '192.168.1.20' },
  addresses: ['8.8.8.8'],
};

describe('an announcement', () => {
  it('leads to who sent it, whatever addresses it names', () => {
    expect(readAnnouncement(GOOD)).toEqual({
      id: 'abcdef12',
      url: 'http://192.168.1.20:8900',
      name: 'Studio',
    });
  });

  it.each<[string, RawAnnouncement]>([
    ['no sender', { ...GOOD, referer: undefined }],
    ['a sender of the internet', { ...GOOD, referer: { address: '8.8.8.8' } }],
    ['a sender that is no address', { ...GOOD, referer: { address: '10.0.0.1/@evil.example' } }],
    ['port 0', { ...GOOD, port: 0 }],
    ['a port that is text', { ...GOOD, port: '80/../' }],
    ['no id', { ...GOOD, txt: {} }],
    ['an id with control characters', { ...GOOD, txt: { id: 'abcdef\u001b[' } }],
    ['no text records', { ...GOOD, txt: null }],
  ])('with %s is none', (_, raw) => {
    expect(readAnnouncement(raw)).toBeNull();
  });

  it.each([
    ['control characters', 'St\u001b[31mu\u0000dio\u202e', 'St [31mu dio'],
    ['a thousand characters', 'x'.repeat(1000), 'x'.repeat(40)],
    ['nothing visible', '\u200b\u200b', '192.168.1.20'],
    ['no text', 42, '192.168.1.20'],
    ['lines', 'a\n\nb', 'a b'],
  ])('with %s in its name has one that can be shown', (_, name, shown) => {
    expect(readAnnouncement({ ...GOOD, name })?.name).toBe(shown);
  });
});

describe('the name of this computer', () => {
  it.each(['studio.local', 'x'.repeat(200), '漢'.repeat(80), ''])(
    'fits into a label of DNS: %s',
    (computer) => {
      const name = announcedName(computer, 'abcdef12');
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^[^.]+ \(abcdef12\)$/);
    },
  );
});
