import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../cli/settings.ts';
import { dataDirOf } from '../foundation/data-dir.ts';
import { needsRestart, settingsInUse, shownProxy } from './in-use.ts';

const none = { cacheDir: null, endpoint: null, proxy: null };
const HOME = '/home/me';

describe('settings that come from the environment', () => {
  it.each<[string, Record<string, string>, NodeJS.Platform]>([
    ['nothing', {}, 'linux'],
    ['nothing on a Mac', {}, 'darwin'],
    ['a data folder', { HAULYARD_DATA_DIR: '/data' }, 'darwin'],
    ['an empty data folder', { HAULYARD_DATA_DIR: ' ' }, 'linux'],
    ['a relative XDG data folder', { XDG_DATA_HOME: 'data' }, 'linux'],
    ['an XDG data folder', { XDG_DATA_HOME: '/xdg' }, 'linux'],
    ['a cache', { HF_HUB_CACHE: '~/cache', HF_HOME: '/hf' }, 'linux'],
    ['the older name of the cache', { HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/hf' }, 'linux'],
    ['a home of the Hugging Face tools', { HF_HOME: '$BASE/hf', BASE: '/base' }, 'linux'],
    ['an XDG cache', { XDG_CACHE_HOME: '/xdg' }, 'linux'],
    ['a mirror with a slash', { HF_ENDPOINT: 'https://mirror.example/hub/' }, 'linux'],
  ])('are those of the command line: %s', (_what, env, platform) => {
    const cli = resolveSettings({ json: false, quiet: false, verbose: false } as never, {
      env,
      platform,
      homedir: HOME,
      catalogFile: '/catalog.json',
    });
    expect(dataDirOf({ env, platform, homedir: HOME })).toBe(cli.dataDir);
    const { cacheDir, endpoint } = settingsInUse(none, env, HOME);
    expect({ cacheDir, endpoint }).toEqual({ cacheDir: cli.cacheDir, endpoint: cli.endpoint });
  });
});

describe('settingsInUse', () => {
  it('prefers the preferences', () => {
    const env = { HF_HUB_CACHE: '/env', HF_ENDPOINT: 'https://env.example' };
    const chosen = { cacheDir: '/mine', endpoint: 'https://mine.example', proxy: 'http://p:1' };
    expect(settingsInUse(chosen, env, HOME)).toEqual(chosen);
  });
});

describe('shownProxy', () => {
  it('shows the preference, then the environment, without credentials', () => {
    const env = { HTTPS_PROXY: 'http://me:secret@env:1' };
    expect(shownProxy('http://mine:2', env)).toBe('http://mine:2');
    expect(shownProxy(null, env)).toBe('http://env:1');
    expect(shownProxy(null, {})).toBeNull();
  });
});

describe('needsRestart', () => {
  const before = settingsInUse(none, {}, HOME);

  it.each([{ cacheDir: '/other' }, { endpoint: 'https://other.example' }, { proxy: 'http://p:1' }])(
    'is true for %o',
    (change) => {
      expect(needsRestart(before, settingsInUse({ ...none, ...change }, {}, HOME))).toBe(true);
    },
  );

  it('is false when the settings in use stay the same', () => {
    const same = { ...none, endpoint: 'https://huggingface.co/' };
    expect(needsRestart(before, settingsInUse(same, {}, HOME))).toBe(false);
  });
});
