import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineMessage } from '../../shared/contract/envelope.ts';
import { nodeEngine } from './node-engine.ts';

/** Prints the messages it receives, writes to both streams, and ends on request. */
const PROGRAM = `
process.on('message', (request) => {
  if (request.type === 'stop') process.disconnect();
  else process.send({ type: 'log', level: 'info', message: JSON.stringify(request) + process.env.MARK });
});
process.stderr.write('first line\\nsecond ');
process.stderr.write('line\\nno end');
`;

async function program(text: string) {
  const path = join(await mkdtemp(join(tmpdir(), 'haulyard-node-engine-')), 'entry.cjs');
  await writeFile(path, text);
  return path;
}

describe('nodeEngine', () => {
  it('exchanges messages with a process under the given Node and environment', async () => {
    const engine = nodeEngine(await program(PROGRAM), process.execPath)({ MARK: '!' });
    const said = new Promise<EngineMessage>((resolve) => engine.onMessage(resolve));
    const ended = new Promise<number | null>((resolve) => engine.onExit(resolve));
    engine.send({ type: 'call', id: 1, name: 'snapshot', args: {} });
    expect(await said).toMatchObject({ message: '{"type":"call","id":1,"name":"snapshot","args":{}}!' });
    engine.send({ type: 'stop' });
    expect(await ended).toBe(0);
    // To a process that is gone: nothing happens.
    engine.send({ type: 'stop' });
  });

  it('gives what it writes line by line', async () => {
    const engine = nodeEngine(await program(PROGRAM), process.execPath)({});
    const lines: string[] = [];
    const all = new Promise<void>((resolve) =>
      engine.onOutput((line) => {
        lines.push(line);
        if (lines.length === 3) resolve();
      }),
    );
    engine.send({ type: 'stop' });
    await all;
    expect(lines).toEqual(['first line', 'second line', 'no end']);
  });

  it('ends a process that does not listen', async () => {
    const engine = nodeEngine(await program('while (true) {}'), process.execPath)({});
    const ended = new Promise<number | null>((resolve) => engine.onExit(resolve));
    engine.kill();
    expect(await ended).toBeNull();
  });

  it('tells the end of a process that never began', async () => {
    const engine = nodeEngine('/no/such/entry.js', '/no/such/node')({});
    expect(await new Promise((resolve) => engine.onExit(resolve))).toBeNull();
  });
});
