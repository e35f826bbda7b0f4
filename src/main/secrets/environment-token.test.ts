import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readToken } from '../../engine/cache/cache-dir.ts';
import { environmentToken } from './environment-token.ts';

const home = await mkdtemp(join(tmpdir(), 'haulyard-home-'));
await mkdir(join(home, '.cache', 'huggingface'), { recursive: true });
await writeFile(join(home, '.cache', 'huggingface', 'token'), 'hf_default\n');
await writeFile(join(home, 'other'), 'hf_other');
await writeFile(join(home, 'two-lines'), 'hf_a\nhf_b');

describe('environmentToken', () => {
  it.each([
    ['the default file', {}, 'hf_default'],
    ['a variable', { HF_TOKEN: ' hf_env ' }, 'hf_env'],
    ['an empty variable', { HF_TOKEN: '' }, 'hf_default'],
    ['the older variable', { HUGGING_FACE_HUB_TOKEN: 'hf_old' }, 'hf_old'],
    ['a file that is named', { HF_TOKEN_PATH: '~/other' }, 'hf_other'],
    ['a home without a token', { HF_HOME: join(home, 'empty') }, null],
    ['a yes to no token', { HF_TOKEN: 'hf_env', HF_HUB_DISABLE_IMPLICIT_TOKEN: 'true' }, null],
  ])('finds what the command line finds: %s', async (_what, env, expected) => {
    expect(await environmentToken(env, home)).toBe(expected);
    expect((await readToken(env, home))?.token ?? null).toBe(expected);
  });

  it.each([
    ['what is no token', { HF_TOKEN_PATH: join(home, 'two-lines') }],
    ['a folder', { HF_TOKEN_PATH: home }],
    ['a device that never ends', { HF_TOKEN_PATH: '/dev/zero' }],
  ])('takes no token from %s', async (_what, env) => {
    expect(await environmentToken(env, home)).toBeNull();
  });
});
