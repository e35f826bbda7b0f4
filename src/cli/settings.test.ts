import { describe, expect, it } from 'vitest';
import type { GlobalOptions } from './invocation.ts';
import { defaultDataDir, resolveSettings } from './settings.ts';

const NO_FLAGS: GlobalOptions = { json: false, quiet: false, verbose: false };
const source = (env: Record<string, string> = {}) => ({
  env,
  platform: 'linux' as const,
  homedir: '/home/u',
  catalogFile: '/app/resources/catalog.json',
});
const ENV = {
  HAULYARD_DATA_DIR: '/env/data',
  HF_HUB_CACHE: '/env/cache',
  HF_ENDPOINT: 'http://env.test/',
  HAULYARD_CATALOG: '/env/catalog.json',
};

describe('resolveSettings', () => {
  it('takes the defaults when nothing is given', () => {
    expect(resolveSettings(NO_FLAGS, source())).toEqual({
      dataDir: '/home/u/.local/share/haulyard',
      cacheDir: '/home/u/.cache/huggingface/hub',
      endpoint: 'https://huggingface.co',
      catalogFile: '/app/resources/catalog.json',
    });
  });

  it('takes the environment before the defaults', () => {
    expect(resolveSettings(NO_FLAGS, source(ENV))).toEqual({
      dataDir: '/env/data',
      cacheDir: '/env/cache',
      endpoint: 'http://env.test',
      catalogFile: '/env/catalog.json',
    });
  });

  it('takes options before the environment', () => {
    const flags = {
      ...NO_FLAGS,
      dataDir: '/flag/data',
      cacheDir: '/flag/cache',
      endpoint: 'https://flag.test',
      catalog: '/flag/catalog.json',
    };
    expect(resolveSettings(flags, source(ENV))).toEqual({
      dataDir: '/flag/data',
      cacheDir: '/flag/cache',
      endpoint: 'https://flag.test',
      catalogFile: '/flag/catalog.json',
    });
  });

  it('treats an empty variable as unset', () => {
    const empty = source({ HAULYARD_DATA_DIR: '', HF_ENDPOINT: ' ', HAULYARD_CATALOG: '' });
    expect(resolveSettings(NO_FLAGS, empty)).toEqual(resolveSettings(NO_FLAGS, source()));
  });

  it('makes relative folders absolute', () => {
    const settings = resolveSettings({ ...NO_FLAGS, dataDir: 'd', cacheDir: 'c' }, source());
    expect(settings).toMatchObject({ dataDir: `${process.cwd()}/d`, cacheDir: `${process.cwd()}/c` });
  });

  it.each(['huggingface.co', 'ftp://h', 'http://u:p@h', 'http://h?x'])(
    'refuses the endpoint %s',
    (endpoint) => {
      expect(() => resolveSettings({ ...NO_FLAGS, endpoint }, source())).toThrow(
        expect.objectContaining({ code: 'BadRequest' }),
      );
    },
  );
});

describe('defaultDataDir', () => {
  it.each([
    ['darwin', {}, '/home/u/Library/Application Support/Haulyard'],
    ['linux', {}, '/home/u/.local/share/haulyard'],
    ['linux', { XDG_DATA_HOME: '/x/data' }, '/x/data/haulyard'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/u/.local/share/haulyard'],
    ['win32', { APPDATA: 'C:\\Users\\u\\AppData\\Roaming' }, 'C:\\Users\\u\\AppData\\Roaming\\Haulyard'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(defaultDataDir({ env, platform, homedir: '/home/u' })).toBe(expected);
  });

  it('needs a home folder, and knows what helps without one', () => {
    expect(() => defaultDataDir({ platform: 'linux', env: {}, homedir: '' })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ remedy: 'data-folder' }) }),
    );
    expect(defaultDataDir({ platform: 'linux', env: { XDG_DATA_HOME: '/x' }, homedir: '' })).toBe(
      '/x/haulyard',
    );
  });
});
