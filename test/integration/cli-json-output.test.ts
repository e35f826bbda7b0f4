import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaText } from '../../tools/json-output/schema.ts';
import { SHAPES } from '../../tools/json-output/shapes.ts';
import { SCHEMA_FILE } from '../../tools/json-output.ts';
import { cutAfterBytes } from '../hub/faults/constructors.ts';
import { type CliWorld, openCliWorld } from './cli-world.ts';
import { MIB } from './harness.ts';
import { oneFile } from './repositories.ts';

const ID = 'org/one';

describe('what --json prints', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld([oneFile(6 * MIB, ID)]);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Runs a command and holds each line of it against a shape. */
  async function expectShape(name: keyof typeof SHAPES, ...args: readonly string[]): Promise<void> {
    const { json } = await world.run([...args, '--json']);
    const lines = json();
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect([line, SHAPES[name].safeParse(line).error?.issues]).toEqual([line, undefined]);
  }

  it('is what the published schema was made from', async () => {
    // After a change of the shapes: node tools/json-output.ts && npm run format
    expect(JSON.parse(await readFile(SCHEMA_FILE, 'utf8'))).toEqual(JSON.parse(schemaText()));
  });

  it('of a download that is planned, broken off, retried, stopped, resumed and done', async () => {
    await expectShape('download --dry-run', 'download', ID, '--dry-run');
    world.hub.faults.add({ match: { origin: 'cdn' }, times: 2, ...cutAfterBytes(300_000) });
    const running = world.start(['download', ID, '--json', '--limit', '1MB/s', '--workers', '1']);
    await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > MIB);
    running.process.kill('SIGINT');
    const lines = (await running.ended).json();
    expect(new Set(lines.map(({ event }) => event))).toEqual(
      new Set(['resolved', 'progress', 'retry', 'stopped']),
    );
    for (const line of lines) SHAPES['download event'].parse(line);
    await expectShape('status', 'status');
    await expectShape('list', 'list');
    await expectShape('download event', 'resume');
    await expectShape('resume', 'resume');
  });

  it('of what is there', async () => {
    await expectShape('download event', 'download', ID);
    for (const name of ['status', 'list', 'hardware', 'catalog', 'doctor'] as const)
      await expectShape(name, name);
    await expectShape('search', 'search', 'one');
    await expectShape('path', 'path', ID);
    await expectShape('verify', 'verify', ID);
    await expectShape('outdated', 'outdated');
    await expectShape('update of nothing', 'update');
    await expectShape('prune', 'prune', '--dry-run');
    await expectShape('prune', 'prune');
    await expectShape('relocate', 'relocate', ID, join(world.root, 'drive'));
    await expectShape('remove of several', 'remove', 'nobody/one', 'nobody/other');
    await expectShape('remove', 'remove', ID);
  });

  it('of what goes wrong', async () => {
    await expectShape('error', 'path', ID);
    await expectShape('error', 'download', 'a/b/c');
    await expectShape('error', 'frobnicate');
  });

  it('of a download that is cancelled', async () => {
    const running = world.start(['download', ID, '--json', '--limit', '100kB/s']);
    const { download } = await running.event('progress');
    running.process.kill('SIGINT');
    await running.ended;
    await expectShape('cancel', 'cancel', String(download));
  });
});
