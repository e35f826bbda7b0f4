import { describe, expect, it, vi } from 'vitest';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { createSource } from '../foundation/followed.ts';
import { followState } from './follow-state.ts';
import { sampleDownload, sampleState } from './sample-downloads.ts';

function setUp() {
  const fail = (error: unknown) => {
    throw error;
  };
  const state = createSource<DownloadsState | null>(sampleState(sampleDownload()), fail);
  const engineStatus = createSource<EngineStatus>({ state: 'running', runId: 'run' }, fail);
  const updates = { request: vi.fn(), flush: vi.fn(), dispose: vi.fn() };
  return { state, engineStatus, updates, end: followState({ state, engineStatus }, updates) };
}

describe('followState', () => {
  it('lets numbers wait', () => {
    const { state, updates } = setUp();
    state.set(sampleState(sampleDownload({ receivedBytes: 6_000_000_000 })));
    expect([updates.request.mock.calls.length, updates.flush.mock.calls.length]).toEqual([1, 0]);
  });

  it('tells at once of another state, another download and another engine', () => {
    const { state, engineStatus, updates } = setUp();
    state.set(sampleState(sampleDownload({ state: 'paused' })));
    state.set(sampleState());
    engineStatus.set({ state: 'stopped' });
    expect([updates.request.mock.calls.length, updates.flush.mock.calls.length]).toEqual([0, 3]);
  });

  it('reports nothing after its end', () => {
    const { state, updates, end } = setUp();
    end();
    state.set(sampleState());
    expect(updates.flush).not.toHaveBeenCalled();
  });
});
