import { describe, expect, it } from 'vitest';
import type { OwnerInfo } from '../serve/join.ts';
import { proxyName, requireAgreement } from './agreement.ts';

const settings = { cacheDir: '/cache', endpoint: 'https://hub.test', catalog: null, proxy: null };
const owner = (over = {}): OwnerInfo => ({
  protocol: 1,
  version: '1.0.0',
  program: 'Haulyard',
  pid: 7,
  runId: 'r',
  settings: { ...settings, ...over },
});

describe('requireAgreement', () => {
  it('is content with the same settings', () => {
    expect(() => requireAgreement({ settings }, owner())).not.toThrow();
  });

  it.each([
    ['cacheDir', '/other', '--cache-dir'],
    ['endpoint', 'https://mirror.test', '--endpoint'],
    ['catalog', '/catalog.json', '--catalog'],
    ['proxy', 'http://proxy.test:3128', 'HTTPS_PROXY'],
  ])('names both values of %s and the way out', (key, theirs, way) => {
    const ours = settings[key as keyof typeof settings] ?? 'none of its own';
    let message = '';
    try {
      requireAgreement({ settings }, owner({ [key]: theirs }));
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of ['process 7', theirs, ours, way]) expect(message).toContain(part);
  });

  it('refuses a limit for one run', () => {
    expect(() => requireAgreement({ settings, limitBytesPerSecond: 5e6 }, owner())).toThrow('haulyard limit');
  });
});

describe('proxyName', () => {
  it('leaves user name and password out', () => {
    const env = {
      HTTPS_PROXY: 'http://me:secret@proxy.test:3128',
      HTTP_PROXY: 'http://me:secret@proxy.test:3128',
    };
    expect(proxyName(env)).toBe('http://proxy.test:3128');
    expect(proxyName({})).toBeNull();
  });
});
