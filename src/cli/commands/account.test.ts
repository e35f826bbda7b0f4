import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { cli } from '../testing/cli.ts';
import type { FakeAnswers } from '../testing/fake-engine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-account-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const known: FakeAnswers = { 'token.check': () => ({ account: 'ada' }) };
const rejecting: FakeAnswers = {
  'token.check': () => {
    throw new AppError('AuthRequired', 'Hugging Face rejected your token.');
  },
};
const run = (
  line: string,
  answers: FakeAnswers,
  more: { stdin?: string; env?: Record<string, string> } = {},
) => cli(line, answers, { stdin: [more.stdin ?? ''], env: { HF_HOME: folder, ...more.env } });
const kept = () => readFile(join(folder, 'token'), 'utf8').catch(() => null);

describe('login', () => {
  it('checks the token and keeps it where the Hugging Face tools do', async () => {
    const { code, out, err } = await run('login', known, { stdin: 'hf_good\n' });
    expect([code, await kept()]).toEqual([0, 'hf_good']);
    expect(out).toBe(`Signed in as ada. The token is kept in ${join(folder, 'token')}.\n`);
    expect(out + err).not.toContain('hf_good');
  });

  it('saves nothing that the Hub rejects, and keeps the existing token', async () => {
    await writeFile(join(folder, 'token'), 'hf_old');
    const { code, err } = await run('login', rejecting, { stdin: 'hf_bad\n' });
    expect([code, err, await kept()]).toEqual([3, 'haulyard: Hugging Face rejected your token.\n', 'hf_old']);
  });

  it('reports when another token is used all the same', async () => {
    const { out } = await run('login', known, { stdin: 'hf_good\n', env: { HF_TOKEN: 'hf_other' } });
    expect(out).toMatch(/^HF_TOKEN is set, and is used instead\.$/m);
  });

  it('rejects an empty line', async () => {
    const { code } = await run('login', known, { stdin: '\n' });
    expect([code, await kept()]).toEqual([2, null]);
  });
});

describe('logout', () => {
  it('removes the token, and says when there is another one', async () => {
    await writeFile(join(folder, 'token'), 'hf_old');
    const { code, out } = await run('logout', known, { env: { HF_TOKEN: 'hf_other' } });
    expect([code, await kept()]).toEqual([0, null]);
    expect(out).toMatch(/^Token removed from .*\nHF_TOKEN still has a token, which is used\.\n$/);
    expect((await run('logout --json', known)).io.json()).toEqual([
      { removed: false, path: join(folder, 'token'), source: null },
    ]);
  });
});

describe('whoami', () => {
  it('tells the account and where the token comes from, never the token', async () => {
    await writeFile(join(folder, 'token'), 'hf_old\n');
    const { out, io } = await run('whoami --json', known);
    expect(io.json()).toEqual([
      { account: 'ada', source: join(folder, 'token'), endpoint: expect.stringMatching(/^https?:/) },
    ]);
    expect(out).not.toContain('hf_old');
  });

  it('is an error of authorization without a token, and with one that is rejected', async () => {
    expect((await run('whoami', known)).code).toBe(3);
    expect((await run('whoami', rejecting, { env: { HF_TOKEN: 'hf_x' } })).code).toBe(3);
  });
});
