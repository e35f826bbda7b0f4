import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from './cli-world.ts';
import { oneFile } from './repositories.ts';

const ID = 'org/one';

/** Every line is refused with exit code 2 before anything is written or asked. */
const BAD: ReadonlyArray<readonly string[]> = [
  [],
  ['frobnicate'],
  ['download'],
  ['download', ''],
  ['download', ' '],
  ['download', '../../etc/passwd'],
  ['download', 'a/b/c'],
  ['download', 'org/..'],
  ['download', '/etc/passwd'],
  ['download', 'https://elsewhere.example/org/name'],
  ['download', 'javascript:alert(1)'],
  ['download', 'x'.repeat(3000)],
  ['download', ID, '--frob'],
  ['download', ID, '--variant', 'q5'],
  ['download', ID, '--variant', 'q4'],
  ['download', ID, '--profile', 'slow'],
  ['download', ID, '--transport', 'torrent'],
  ['download', ID, '--workers', '0'],
  ['download', ID, '--workers', '1e2'],
  ['download', ID, '--workers', '65'],
  ['download', ID, '--chunk-size', '1'],
  ['download', ID, '--chunk-size', '5TB'],
  ['download', ID, '--limit', '-5MB/s'],
  ['download', ID, '--limit', 'NaN'],
  ['download', ID, '--give-up-after', '-1'],
  ['download', ID, '--give-up-after', 'soon'],
  ['download', ID, '--from', 'model.safetensors'],
  ['download', ID, '--from', 'model.safetensors=/no/such/file'],
  ['download', ID, '--revision', ''],
  ['download', ID, '--include', ''],
  ['download', ID, '--endpoint', 'not a url'],
  ['download', ID, '--endpoint', 'file:///etc'],
  ['download', ID, '--token-stdin'],
  ['list', '--cache-dir', ''],
  ['list', '--json=yes'],
  ['catalog', '--catalog', '/no/such/catalog.json'],
  ['hardware', '--assume', 'a potato'],
  ['cancel', '../x'],
  ['verify'],
  ['remove', '../../x'],
];

describe('bad input', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld([oneFile(1000, ID)]);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(BAD.map((args) => [args]))('is refused in one sentence, or in one object: %j', async (args) => {
    const [human, machine] = await Promise.all([world.run(args), world.run([...args, '--json'])]);
    expect([human.code, human.stdout]).toEqual([2, '']);
    expect(human.stderr).toMatch(/^haulyard: [^\n]{10,400}\n$/);
    expect([machine.code, machine.stderr]).toEqual([2, '']);
    expect(machine.json()).toEqual([
      { error: { code: 'BadRequest', message: expect.stringMatching(/./), retryable: false } },
    ]);
  });

  it('is told as what it is while another program has the ledger, too', async () => {
    await using world = await openCliWorld([oneFile(1000, ID)]);
    const owner = world.start(['download', ID, '--limit', '100B/s', '--json']);
    await owner.event('progress');
    for (const args of BAD) expect([args, (await world.run(args)).code]).toEqual([args, 2]);
    owner.process.kill('SIGINT');
    await owner.ended;
  }, 120_000);

  it('has asked the Hub nothing and left no cache', () => {
    expect(world.hub.requests).toEqual([]);
    expect(existsSync(world.cacheDir)).toBe(false);
  });
});
