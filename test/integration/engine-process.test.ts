import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineMessage, EngineRequest, EngineSettings } from '../../src/shared/contract/envelope.ts';
import { type Hub, startHub } from '../hub/hub.ts';

const ENTRY = fileURLToPath(new URL('../../out/engine/entry.js', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../resources/catalog.json', import.meta.url));

describe('the engine process', () => {
  let root: string;
  let hub: Hub;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'haulyard-process-'));
    hub = await startHub({
      repositories: [{ id: 'org/small', files: [{ path: 'a.txt', kind: 'bytes', content: 'a' }] }],
    });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await hub.close();
    await rm(root, { recursive: true, force: true });
  });

  function start() {
    const child = fork(ENTRY, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    const messages: EngineMessage[] = [];
    const waiting = new Set<() => void>();
    child.on('message', (message) => {
      messages.push(message as EngineMessage);
      for (const look of waiting) look();
    });
    const send = (request: EngineRequest) => void child.send(request);
    const next = <T extends EngineMessage>(is: (message: EngineMessage) => message is T) =>
      new Promise<T>((resolve) => {
        const look = () => {
          const found = messages.find(is);
          if (found) resolve(found);
        };
        waiting.add(look);
        look();
      });
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const settings = {
      dataDir: join(root, 'data'),
      cacheDir: join(root, 'hub'),
      homeDir: root,
      endpoint: hub.url,
      catalogFile: CATALOG,
      givenCatalog: null,
      token: null,
      version: '0.0.0',
      program: 'a test',
    };
    return {
      child,
      send,
      next,
      exit,
      open: (over: Partial<EngineSettings> = {}) =>
        send({ type: 'open', settings: { ...settings, ...over } }),
    };
  }

  const isAnswer = (id: number) => (message: EngineMessage) => message.type === 'answer' && message.id === id;
  type Answer = Extract<EngineMessage, { type: 'answer' }>;

  it('downloads, tells of it and stops in order', async () => {
    const engine = start();
    engine.open();
    await engine.next((message): message is EngineMessage => message.type === 'ready');
    engine.send({ type: 'subscribe' });
    engine.send({ type: 'call', id: 1, name: 'downloads.add', args: { reference: 'org/small' } });
    const answer = await engine.next((message): message is Answer => isAnswer(1)(message));
    expect(answer.outcome.ok).toBe(true);
    await engine.next(
      (message): message is EngineMessage => message.type === 'event' && message.event.event === 'done',
    );
    engine.send({ type: 'stop' });
    await engine.next((message): message is EngineMessage => message.type === 'stopped');
    expect(await engine.exit).toBe(0);
  });

  it('answers bad calls with an error and goes on', async () => {
    const engine = start();
    engine.send({ type: 'call', id: 1, name: 'snapshot', args: {} });
    const early = await engine.next((message): message is Answer => isAnswer(1)(message));
    expect(early.outcome).toMatchObject({ ok: false, error: { code: 'EngineUnavailable' } });
    engine.open();
    engine.send({ type: 'call', id: 2, name: 'constructor' as never, args: {} });
    const unknown = await engine.next((message): message is Answer => isAnswer(2)(message));
    expect(unknown.outcome).toMatchObject({ ok: false, error: { code: 'BadRequest' } });
    engine.send({ type: 'call', id: 3, name: 'downloads.pause', args: { id: 7 } });
    const badArgument = await engine.next((message): message is Answer => isAnswer(3)(message));
    expect(badArgument.outcome).toMatchObject({ ok: false, error: { code: 'BadRequest' } });
  });

  type Ready = Extract<EngineMessage, { type: 'ready' }>;
  const isReady = (message: EngineMessage): message is Ready => message.type === 'ready';

  it('is the guest of another engine that has the ledger, and takes it over when that ends', async () => {
    const first = start();
    first.open();
    const own = await first.next(isReady);
    expect(own.owner).toBeUndefined();
    const second = start();
    second.open();
    expect(await second.next(isReady)).toEqual({ type: 'ready', runId: own.runId, owner: 'a test' });
    second.send({ type: 'call', id: 1, name: 'snapshot', args: {} });
    const answer = await second.next((message): message is Answer => isAnswer(1)(message));
    expect(answer.outcome).toMatchObject({ ok: true, value: { runId: own.runId } });
    first.child.kill('SIGKILL');
    const next = await second.next(
      (message): message is Ready => isReady(message) && message.runId !== own.runId,
    );
    expect(next.owner).toBeUndefined();
    second.send({ type: 'call', id: 2, name: 'snapshot', args: {} });
    const later = await second.next((message): message is Answer => isAnswer(2)(message));
    expect(later.outcome).toMatchObject({ ok: true, value: { runId: next.runId } });
  });

  it('waits for an owner with another cache, and reports that', async () => {
    const first = start();
    first.open();
    await first.next(isReady);
    const second = start();
    second.open({ cacheDir: join(root, 'other') });
    const fatal = await second.next(
      (message): message is Extract<EngineMessage, { type: 'fatal' }> => message.type === 'fatal',
    );
    expect(fatal.error).toMatchObject({
      code: 'LedgerBusy',
      message: expect.stringContaining(join(root, 'other')),
    });
    expect(await second.exit).toBe(1);
  });

  it('ends when its supervisor is gone', async () => {
    const engine = start();
    engine.open();
    await engine.next((message): message is EngineMessage => message.type === 'ready');
    engine.child.disconnect();
    expect(await engine.exit).toBe(0);
  });
});
