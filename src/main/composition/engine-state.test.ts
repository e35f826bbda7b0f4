import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Snapshot } from '../../shared/contract/commands.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { createFeed, createSource } from '../foundation/followed.ts';
import { mirrorEngine } from './engine-state.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const snapshot = {
  runId: 'run',
  seq: 1,
  downloads: [{ id: 'a', bytesPerSecond: 5, etaSeconds: 7, streams: 3 } as DownloadView],
  builds: [],
  settings: DEFAULT_SETTINGS,
} satisfies Snapshot;

function setUp() {
  const events = createFeed<EngineEvent>(vi.fn());
  const status = createSource<EngineStatus>({ state: 'starting' }, vi.fn());
  const call = vi.fn(async () => ({ ok: true as const, value: snapshot }));
  return { state: mirrorEngine({ call, onEvent: events.on, status }, log), events, status, call };
}

describe('mirrorEngine', () => {
  it('takes a snapshot when the engine is ready, and follows its events', async () => {
    const { state, events, status } = setUp();
    expect(state.current()).toBeNull();
    status.set({ state: 'running', runId: 'run' });
    await vi.waitFor(() => expect(state.current()?.seq).toBe(1), { timeout: 20_000 });
    events.emit({ event: 'progress', download: 'a', seq: 2, time: '', bytesPerSecond: 9 } as EngineEvent);
    expect(state.current()?.downloads[0]?.bytesPerSecond).toBe(9);
  });

  it('shows no speed while there is no engine', async () => {
    const { state, status } = setUp();
    status.set({ state: 'running', runId: 'run' });
    await vi.waitFor(() => expect(state.current()).not.toBeNull(), { timeout: 20_000 });
    status.set({ state: 'stopped' });
    expect(state.current()?.downloads[0]).toMatchObject({ bytesPerSecond: 0, etaSeconds: null, streams: 0 });
  });
});
