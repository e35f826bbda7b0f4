import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirFromEnv, isSwitchedOn, knownCacheDirs, readToken } from './cache-dir.ts';

const HOME = '/home/ann';

describe('cacheDirFromEnv', () => {
  it.each([
    [{}, '/home/ann/.cache/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ HF_HOME: '/hf', XDG_CACHE_HOME: '/x' }, '/hf/hub'],
    [{ HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/hf' }, '/old'],
    [{ HF_HUB_CACHE: '/new', HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/hf' }, '/new'],
    [{ HF_HUB_CACHE: '', HF_HOME: ' ' }, '/home/ann/.cache/huggingface/hub'],
    [{ HF_HUB_CACHE: '~/models' }, '/home/ann/models'],
    [{ HF_HUB_CACHE: '~ann/models' }, join(process.cwd(), '~ann/models')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell variable, not a placeholder
    [{ HF_HUB_CACHE: '$DISK/a/${SUB}', DISK: '/disk', SUB: 'b' }, '/disk/a/b'],
    [{ HF_HUB_CACHE: '/a/$NOBODY' }, '/a/$NOBODY'],
  ])('reads %j as %s', (env, expected) => {
    expect(cacheDirFromEnv(env, HOME)).toBe(expected);
  });
});

describe('knownCacheDirs', () => {
  it('begins with the cache in use and names each folder once', () => {
    const dirs = knownCacheDirs({ HF_HUB_CACHE: '/new', TRANSFORMERS_CACHE: '/t' }, HOME);
    expect(dirs[0]).toBe('/new');
    expect(dirs).toContain('/t');
    expect(dirs).toContain('/home/ann/.cache/huggingface/hub');
    expect(new Set(dirs).size).toBe(dirs.length);
  });
});

describe('a user without a home folder', () => {
  const noHome = expect.objectContaining({
    code: 'BadRequest',
    message: expect.stringContaining('HOME is not set'),
  });

  it('can use all folders that are named', async () => {
    expect(cacheDirFromEnv({ HF_HUB_CACHE: '/c' }, '')).toBe('/c');
    expect(cacheDirFromEnv({ HF_HOME: '/hf' }, '')).toBe('/hf/hub');
    expect(knownCacheDirs({ HF_HUB_CACHE: '/c' }, '')).toEqual(['/c']);
    expect(knownCacheDirs({}, '')).toEqual([]);
    expect(await readToken({}, '')).toBeNull();
  });

  it('reports what to set where one is needed', () => {
    expect(() => cacheDirFromEnv({}, '')).toThrow(noHome);
    expect(() => cacheDirFromEnv({ HF_HUB_CACHE: '~/c' }, '')).toThrow(noHome);
  });
});

describe('isSwitchedOn', () => {
  it('takes the values that Hugging Face takes for on, in any case', () => {
    expect(['1', 'on', 'Yes', 'TRUE', '0', '', 'no'].map((value) => isSwitchedOn({ A: value }, 'A'))).toEqual(
      [true, true, true, true, false, false, false],
    );
  });
});

describe('readToken', () => {
  it('tells where a token was found', async () => {
    expect(await readToken({ HF_TOKEN: 'hf_a' }, home)).toEqual({ token: 'hf_a', source: 'HF_TOKEN' });
    await writeFile(join(home, 'named'), 'hf_b');
    const source = join(home, 'named');
    expect(await readToken({ HF_TOKEN_PATH: source }, home)).toEqual({ token: 'hf_b', source });
  });

  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'haulyard-token-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const writeToken = async (path: string, text: string) => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  };

  it('prefers HF_TOKEN, then the older variable', async () => {
    const env = { HF_TOKEN: ' hf_new\n', HUGGING_FACE_HUB_TOKEN: 'hf_old' };
    expect((await readToken(env, home))?.token).toBe('hf_new');
    expect((await readToken({ ...env, HF_TOKEN: ' ' }, home))?.token).toBe('hf_old');
  });

  it('reads the token file of the default place without its newline', async () => {
    await writeToken(join(home, '.cache/huggingface/token'), 'hf_file\n');
    expect((await readToken({}, home))?.token).toBe('hf_file');
  });

  it('reads HF_HOME/token and prefers HF_TOKEN_PATH to it', async () => {
    await writeToken(join(home, 'hf/token'), 'hf_home');
    await writeToken(join(home, 'elsewhere'), 'hf_path');
    expect((await readToken({ HF_HOME: '~/hf' }, home))?.token).toBe('hf_home');
    expect((await readToken({ HF_HOME: '~/hf', HF_TOKEN_PATH: '~/elsewhere' }, home))?.token).toBe('hf_path');
  });

  it('is null without a token, with an empty file and with a folder in its place', async () => {
    expect(await readToken({}, home)).toBeNull();
    await writeToken(join(home, 'empty'), '\n');
    expect(await readToken({ HF_TOKEN_PATH: '~/empty' }, home)).toBeNull();
    expect(await readToken({ HF_TOKEN_PATH: home }, home)).toBeNull();
  });

  it('is null when implicit tokens are switched off', async () => {
    expect(await readToken({ HF_TOKEN: 'hf_x', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }, home)).toBeNull();
  });

  it('refuses a token that would break a header, without repeating it', async () => {
    const failure = await readToken({ HF_TOKEN: 'hf_a\r\nX-Evil: 1' }, home).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: 'BadRequest' });
    expect(String(failure)).not.toContain('Evil');
  });
});
