import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { EngineSettings } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { BUSY_RETRY_MS, createEngineHost, type EngineHost, STOP_DEADLINE_MS } from './engine-host.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

const settings = { dataDir: '/data', token: null } as EngineSettings;
const busy = new AppError('LedgerBusy', 'busy', { details: { program: 'haulyard', pid: 7 } }).toData();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A host whose engines are in memory. */
function setUp(
  change: { readonly start?: () => never; readonly settings?: () => Promise<EngineSettings> } = {},
) {
  const engines: FakeEngine[] = [];
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const host: EngineHost = createEngineHost({
    start: (env) => {
      change.start?.();
      const engine = fakeEngine(100 + engines.length, env);
      engines.push(engine);
      return engine;
    },
    environment: () => ({ RUN: String(engines.length) }),
    settings: change.settings ?? (async () => settings),
    now: Date.now,
    log,
  });
  const states: EngineStatus['state'][] = [];
  host.status.onChange(({ state }) => states.push(state));
  const engine = () => {
    const last = engines.at(-1);
    if (!last) throw new Error('no engine');
    return last;
  };
  const ready = async () => {
    host.start();
    await settle();
    engine().say({ type: 'ready', runId: `run${engines.length}` });
  };
  return { host, engines, engine, ready, states, log };
}

/** Lets everything pending run. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('start', () => {
  it('opens the engine with its settings first, and tells when it is ready', async () => {
    const { host, engine, ready, states } = setUp();
    await ready();
    expect(engine().sent).toEqual([{ type: 'open', settings }, { type: 'subscribe' }]);
    expect(host.status.current()).toEqual({ state: 'running', runId: 'run1' });
    expect(states).toEqual(['starting', 'running']);
  });

  it('sends calls that come early after the settings', async () => {
    const { host, engine } = setUp();
    host.start();
    const early = host.call('snapshot', {});
    await settle();
    expect(engine().sent.map(({ type }) => type)).toEqual(['open', 'subscribe', 'call']);
    engine().say({ type: 'answer', id: 1, outcome: { ok: true, value: 'state' } });
    expect(await early).toEqual({ ok: true, value: 'state' });
  });

  it('starts one engine, however often it is asked', async () => {
    const { host, engines, ready } = setUp();
    await ready();
    host.start();
    await settle();
    expect(engines).toHaveLength(1);
  });

  it('counts settings that cannot be had as a crash', async () => {
    const { host, engine } = setUp({ settings: () => Promise.reject(new Error('no keychain')) });
    host.start();
    await settle();
    expect(engine().isKilled).toBe(true);
    expect(host.status.current()).toMatchObject({ state: 'restarting', attempt: 1 });
  });

  it('gives up when the process cannot be started at all', async () => {
    const start = () => {
      throw new Error('no such file');
    };
    const { host } = setUp({ start });
    host.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(host.status.current()).toMatchObject({ state: 'failed' });
  });
});

describe('call', () => {
  it('gives each answer to the call it belongs to', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    const first = host.call('settings.get', {});
    const second = host.call('doctor', {});
    await settle();
    engine().say({ type: 'answer', id: 2, outcome: { ok: true, value: 'second' } });
    engine().say({ type: 'answer', id: 1, outcome: { ok: true, value: 'first' } });
    expect([await first, await second]).toMatchObject([{ value: 'first' }, { value: 'second' }]);
  });

  it('answers calls that a crash cut off', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    const cut = host.call('downloads.pauseAll', {});
    await settle();
    engine().exit(1);
    expect(await cut).toMatchObject({ ok: false, error: { code: 'EngineUnavailable', retryable: true } });
  });

  it('answers at once while the engine is away', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    engine().exit(1);
    await settle();
    expect(await host.call('snapshot', {})).toMatchObject({ error: { code: 'EngineUnavailable' } });
  });

  it('answers with the reason when the engine failed for good', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    engine().say({ type: 'fatal', error: new AppError('LedgerCorrupt', 'unreadable').toData() });
    engine().exit(1);
    await settle();
    expect(await host.call('snapshot', {})).toMatchObject({ error: { code: 'LedgerCorrupt' } });
  });
});

describe('after a crash', () => {
  it('waits, then starts the engine anew with the environment as it is then', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    engine().exit(1);
    await settle();
    expect(host.status.current()).toMatchObject({
      state: 'restarting',
      attempt: 1,
      retryAt: new Date(Date.now() + 500).toISOString(),
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(engines).toHaveLength(2);
    expect(engine().env).toEqual({ RUN: '1' });
    expect(engine().sent[0]).toMatchObject({ type: 'open' });
  });

  it('gives up after the fifth crash in five minutes, and starts again when asked', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    for (let crash = 0; crash < 5; crash += 1) {
      engine().exit(null);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(host.status.current()).toMatchObject({ state: 'failed', error: { retryable: false } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(engines).toHaveLength(5);
    await host.restart();
    await settle();
    expect(engines).toHaveLength(6);
    engine().exit(null);
    await settle();
    expect(host.status.current()).toMatchObject({ state: 'restarting', attempt: 1 });
  });

  it('goes on as long as crashes are rare', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    for (let crash = 0; crash < 12; crash += 1) {
      engine().exit(1);
      await vi.advanceTimersByTimeAsync(90_000);
    }
    expect(host.status.current().state).toBe('starting');
  });
});

describe('a data folder that another program holds', () => {
  it('is tried again until it is free, without a flicker and without an end', async () => {
    const { host, engines, engine, ready, states } = setUp();
    host.start();
    await settle();
    for (let tries = 0; tries < 20; tries += 1) {
      engine().say({ type: 'fatal', error: busy });
      engine().exit(1);
      await vi.advanceTimersByTimeAsync(BUSY_RETRY_MS);
    }
    expect(engines).toHaveLength(21);
    expect(new Set(states.slice(1))).toEqual(new Set(['failed']));
    expect(host.status.current()).toMatchObject({
      error: { code: 'LedgerBusy', message: expect.stringContaining('haulyard') },
    });
    await ready();
    expect(host.status.current().state).toBe('running');
  });
});

describe('trying again by hand', () => {
  it('shows that it is tried, also while another program holds the data folder', async () => {
    const { host, engines, engine } = setUp();
    host.start();
    await settle();
    engine().say({ type: 'fatal', error: busy });
    engine().exit(1);
    await settle();
    await host.restart();
    await settle();
    expect(host.status.current()).toEqual({ state: 'starting' });
    expect(engines).toHaveLength(2);
  });
});

describe('a fatal error', () => {
  it('waits for the user', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    engine().say({ type: 'fatal', error: new AppError('DiskPermission', 'no access').toData() });
    engine().exit(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(engines).toHaveLength(1);
    expect(host.status.current()).toMatchObject({ state: 'failed', error: { message: 'no access' } });
  });

  it('ends a process that does not end by itself', async () => {
    const { engine, ready } = setUp();
    await ready();
    engine().say({ type: 'fatal', error: new AppError('Internal', 'x').toData() });
    await vi.advanceTimersByTimeAsync(3000);
    expect(engine().isKilled).toBe(true);
  });
});

describe('stop', () => {
  it('asks the engine, waits for its end, and starts none again', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    const stopped = host.stop();
    expect(engine().sent.at(-1)).toEqual({ type: 'stop' });
    engine().say({ type: 'stopped' });
    engine().exit(0);
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine().isKilled).toBe(false);
    expect(engines).toHaveLength(1);
    expect(host.status.current()).toEqual({ state: 'stopped' });
  });

  it('ends an engine by force that does not stop in time', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    const stopped = host.stop();
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS - 1);
    expect(engine().isKilled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(engine().isKilled).toBe(true);
  });

  it('ends a wait for the next start', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    engine().exit(1);
    await settle();
    await host.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engines).toHaveLength(1);
  });
});

describe('restart', () => {
  it('stops in order, then starts with the settings of now', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    const restarted = host.restart();
    await settle();
    expect(engine().sent.at(-1)).toEqual({ type: 'stop' });
    engine().exit(0);
    await restarted;
    await settle();
    expect(engines).toHaveLength(2);
    expect(engine().sent[0]).toMatchObject({ type: 'open' });
  });

  it('lets calls wait for the new engine: the old one, which is stopping, would refuse them', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    const restarted = host.restart();
    await settle();
    const answer = host.call('snapshot', {});
    await settle();
    expect(engines[0]?.sent).not.toContainEqual(expect.objectContaining({ type: 'call' }));
    engine().exit(0);
    await restarted;
    await settle();
    engine().say({ type: 'answer', id: 1, outcome: { ok: true, value: 'from the new one' } });
    expect(await answer).toEqual({ ok: true, value: 'from the new one' });
  });

  it('twice in a row starts the last engine with the settings of the last time', async () => {
    const asked: number[] = [];
    const { host, engines, engine, ready } = setUp({
      settings: async () => {
        asked.push(asked.length);
        return settings;
      },
    });
    await ready();
    const restarts = Promise.all([host.restart(), host.restart()]);
    for (const count of [1, 2]) {
      await settle();
      expect(engines).toHaveLength(count);
      engine().exit(0);
    }
    await restarts;
    expect(asked).toHaveLength(3);
  });

  it('does not bring an engine back once the app began to end', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    const restarted = host.restart();
    await settle();
    const stopped = host.stop();
    engine().exit(0);
    await Promise.all([restarted, stopped]);
    expect(engines).toHaveLength(1);
    expect(host.status.current()).toEqual({ state: 'stopped' });
  });

  it('leaves no engine behind when the app begins to end while the new one is being started', async () => {
    const { host, engines, engine, ready } = setUp();
    await ready();
    let stopped: Promise<void> | undefined;
    host.status.onChange(({ state }) => {
      if (state === 'starting') stopped ??= host.stop();
    });
    const restarted = host.restart();
    await settle();
    engine().exit(0);
    await settle();
    expect(engines).toHaveLength(2);
    expect(engine().sent).toContainEqual({ type: 'stop' });
    engine().exit(0);
    await Promise.all([restarted, stopped]);
    expect(host.status.current()).toEqual({ state: 'stopped' });
  });

  it('asked for twice brings no engine back once the app began to end', async () => {
    const { host, engine, engines, ready } = setUp();
    await ready();
    const restarts = Promise.all([host.restart(), host.restart()]);
    await settle();
    const stopped = host.stop();
    engine().exit(0);
    await Promise.all([stopped, restarts]);
    expect(engines).toHaveLength(1);
    expect(host.status.current()).toEqual({ state: 'stopped' });
  });
});

describe('calls while there is no engine', () => {
  it('are answered at once when the app has ended', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    const stopped = host.stop();
    engine().exit(0);
    await stopped;
    expect(await host.call('snapshot', {})).toMatchObject({
      ok: false,
      error: { code: 'EngineUnavailable' },
    });
  });
});

describe('what the engine says', () => {
  it('is told to those who follow its events', async () => {
    const { host, engine, ready } = setUp();
    await ready();
    const seen: EngineEvent[] = [];
    host.onEvent((event) => seen.push(event));
    const event = { event: 'listed', download: 'a', seq: 1, time: '' } as const;
    engine().say({ type: 'event', event });
    expect(seen).toEqual([event]);
  });

  it('goes to the log, inside the protocol and outside', async () => {
    const { engine, ready, log } = setUp();
    await ready();
    engine().say({ type: 'log', level: 'info', message: 'resumed' });
    engine().write('FATAL: out of memory');
    expect(log.info).toHaveBeenCalledWith('engine: resumed');
    expect(log.warn).toHaveBeenCalledWith('engine wrote: FATAL: out of memory');
  });
});
