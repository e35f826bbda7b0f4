import { describe, expect, it } from 'vitest';
import type { DownloadView } from '../../shared/model/download.ts';
import { sampleBuild, sampleDownload, sampleState } from './sample-downloads.ts';
import { assignSlots } from './slots.ts';
import { listedIds, trayModel } from './tray-model.ts';

function modelOf(...downloads: DownloadView[]) {
  const state = sampleState(...downloads);
  const slots = assignSlots([], listedIds(state), false);
  return trayModel({
    state,
    engine: { state: 'running', runId: 'run' },
    name: ({ id }) => `Model ${id}`,
    slots,
    limit: null,
  });
}

describe('trayModel', () => {
  it('names a download with its share in percent', () => {
    expect(modelOf(sampleDownload()).rows[0]?.label).toBe('Model one · 33 %');
  });

  it('says what is done when it is not downloading', () => {
    const verifying = sampleDownload({ state: 'verifying', receivedBytes: 15_000_000_000 });
    expect(modelOf(verifying).rows[0]?.label).toBe('Model one · 99 % · verifying');
  });

  it('shows no share of an unknown size', () => {
    const preparing = sampleDownload({ state: 'resolving', totalBytes: 0, receivedBytes: 0 });
    expect(modelOf(preparing).rows[0]?.label).toBe('Model one · preparing');
  });

  it('lists only what is unfinished', () => {
    const rows = modelOf(sampleDownload({ state: 'ready' }), sampleDownload({ id: 'two' })).rows;
    expect(rows.filter((row) => row !== null).map(({ id }) => id)).toEqual(['two']);
  });

  it('offers to pause what runs and to resume what does not', () => {
    const [active, paused, failed] = modelOf(
      sampleDownload({ id: 'a', state: 'waiting' }),
      sampleDownload({ id: 'b', state: 'paused' }),
      sampleDownload({ id: 'c', state: 'failed' }),
    ).rows;
    expect(active).toMatchObject({ canPause: true, canResume: false });
    expect(paused).toMatchObject({ canPause: false, canResume: true });
    expect(failed).toMatchObject({ canPause: false, canResume: true });
  });

  it('lists what is being made behind the downloads', () => {
    const build = sampleBuild({ state: 'verifying', sourceBytesDone: 16_000_000_000 });
    const state = { ...sampleState(sampleDownload()), builds: [build] };
    const slots = assignSlots([], listedIds(state), false);
    const engine = { state: 'running', runId: 'run' } as const;
    const model = trayModel({ state, engine, name: ({ id }) => `Model ${id}`, slots, limit: null });
    expect(model.rows[1]).toEqual({
      id: 'made',
      label: 'Model made · 80 % · verifying',
      canPause: true,
      canResume: false,
    });
    expect(listedIds({ ...state, builds: [{ ...build, state: 'ready' }] })).toEqual(['one']);
  });

  it('counts what has no slot', () => {
    const many = Array.from({ length: 13 }, (_, index) => sampleDownload({ id: `d${index}` }));
    expect(modelOf(...many).more).toBe(3);
  });

  it('offers nothing for all while the engine is away', () => {
    const state = sampleState(sampleDownload());
    const engine = { state: 'stopped' } as const;
    const model = trayModel({ state, engine, name: () => '', slots: [], limit: null });
    expect([model.canPauseAll, model.canResumeAll]).toEqual([false, false]);
  });
});
