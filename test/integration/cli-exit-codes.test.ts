import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GATED } from '../hub/fixtures/odd.ts';
import { type CliResult, catalogOf, openCliWorld } from './cli-world.ts';
import { oneFile, WEIGHTS } from './repositories.ts';

const REPOSITORY = oneFile(3_000_000);
const ID = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 500_000 } };
/** Nothing listens on the discard port. */
const NOBODY = 'http://127.0.0.1:9';

/** Passes for a failure reported to a person: a sentence or two on standard error, nothing like a stack. */
function expectSentence({ stderr }: CliResult): void {
  expect(stderr).toMatch(/^haulyard: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*\.(js|ts):\d/);
}

describe('exit code', () => {
  it('0 when everything is done', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    expect(await world.run(['download', ID])).toMatchObject({ code: 0 });
  });

  it('1 when doctor finds that something is wrong', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { code, stdout } = await world.run(['doctor', '--endpoint', NOBODY]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^endpoint +FAILED/m);
  });

  it('2 for a command line that cannot be parsed', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const result = await world.run(['downlod', ID]);
    expect(result.code).toBe(2);
    expectSentence(result);
  });

  it('3 when the model is gated', async () => {
    await using world = await openCliWorld([GATED]);
    const result = await world.run(['download', GATED.id, '--quiet']);
    expect(result.code).toBe(3);
    expectSentence(result);
  });

  it('3 when the token is not good', async () => {
    await using world = await openCliWorld([GATED]);
    const env = { HF_TOKEN: 'hf_not_good' };
    const { code, stderr } = await world.run(['download', GATED.id], { env });
    expect(stderr).toContain('the token from HF_TOKEN');
    expect(code).toBe(3);
  });

  it.each([
    ['a repository', ['download', 'no/such', '--quiet']],
    ['a revision', ['download', ID, '--revision', 'no-such', '--quiet']],
    ['a catalog model', ['download', 'nosuchmodel']],
    ['a download to resume', ['resume', 'abc123']],
    ['a download to cancel', ['cancel', 'abc123']],
    ['an installed model to show', ['path', ID]],
    ['an installed model to verify', ['verify', ID]],
    ['an installed model to remove', ['remove', ID]],
  ])('4 when %s is not there', async (_, args) => {
    await using world = await openCliWorld([REPOSITORY]);
    const result = await world.run(args);
    expect(result.code).toBe(4);
    expectSentence(result);
  });

  it('5 when the Hub contradicts the catalog, and 0 when that is accepted', async () => {
    const pins = [{ path: WEIGHTS, sha256: 'a'.repeat(64) }];
    await using world = await openCliWorld([REPOSITORY], {}, catalogOf([{ id: 'bf16', repo: ID, pins }]));
    const result = await world.run(['download', 'tiny', '--quiet']);
    expect(result.code).toBe(5);
    expectSentence(result);
    expect(await world.run(['resume', '--accept-changed'])).toMatchObject({ code: 0 });
  });

  it('6 when the data folder cannot be one', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const file = join(world.root, 'file');
    await writeFile(file, '');
    const result = await world.run(['download', ID, '--data-dir', file]);
    expect(result.code).toBe(6);
    expectSentence(result);
  });

  it('7 when the network was given up', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const args = ['download', ID, '--endpoint', NOBODY, '--give-up-after', '1', '--quiet'];
    const result = await world.run(args);
    expect(result.code).toBe(7);
    expectSentence(result);
  });

  // 8, an owner that cannot be spoken to: guest-attacks.test.ts.

  it('130 when it was interrupted', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(['download', ID, '--json']);
    await running.event('resolved');
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, signal: null });
  });
});
