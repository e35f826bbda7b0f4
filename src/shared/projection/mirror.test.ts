import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Snapshot } from '../contract/commands.ts';
import type { Outcome } from '../contract/envelope.ts';
import type { EngineEvent } from '../contract/events.ts';
import type { DownloadView, FileView } from '../model/download.ts';
import type { DownloadsState } from './downloads-state.ts';
import { createMirror } from './mirror.ts';

const view = (over: Partial<DownloadView> = {}) =>
  ({
    id: 'a',
    state: 'downloading',
    receivedBytes: 0,
    totalBytes: 100,
    error: null,
    ...over,
  }) as DownloadView;

const snapshot = (seq: number, over: Partial<Snapshot> = {}): Snapshot => ({
  runId: 'run',
  seq,
  downloads: [view({ receivedBytes: seq })],
  builds: [],
  settings: DEFAULT_SETTINGS,
  ...over,
});

const progress = (seq: number, receivedBytes: number) =>
  ({ event: 'progress', download: 'a', seq, time: '', state: 'downloading', receivedBytes }) as EngineEvent;

/** A mirror of an engine whose snapshots the test answers manually. */
function setUp() {
  const states: DownloadsState[] = [];
  const asked: Array<(outcome: Outcome<Snapshot>) => void> = [];
  const mirror = createMirror({
    takeSnapshot: () => new Promise((resolve) => asked.push(resolve)),
    onChange: (state) => states.push(state),
  });
  const answer = async (value: Snapshot) => {
    asked.shift()?.({ ok: true, value });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { mirror, states, asked, answer, received: () => states.at(-1)?.downloads[0]?.receivedBytes };
}

describe('createMirror', () => {
  it('applies events that follow the snapshot without asking again', async () => {
    const { mirror, asked, answer, received } = setUp();
    void mirror.refresh();
    await answer(snapshot(3));
    mirror.receive(progress(4, 40));
    expect(received()).toBe(40);
    expect(asked).toHaveLength(0);
  });

  it('takes the numbers of files from the events that tell of them', async () => {
    const { mirror, states, answer } = setUp();
    const file = (path: string, receivedBytes: number) => ({ path, receivedBytes }) as FileView;
    void mirror.refresh();
    await answer(snapshot(3, { downloads: [view({ files: [file('a', 1), file('b', 1)] })] }));
    mirror.receive({ ...progress(4, 40), files: [file('b', 9)] } as EngineEvent);
    mirror.receive(progress(5, 50));
    expect(states.at(-1)?.downloads[0]?.files).toEqual([file('a', 1), file('b', 9)]);
  });

  it('takes a new snapshot after a gap', async () => {
    const { mirror, asked, answer, received } = setUp();
    void mirror.refresh();
    await answer(snapshot(3));
    mirror.receive(progress(6, 60));
    expect(asked).toHaveLength(1);
    await answer(snapshot(7));
    expect(received()).toBe(7);
  });

  it('keeps events that arrive while a snapshot is on its way, and leaves out those it holds already', async () => {
    const { mirror, answer, received } = setUp();
    void mirror.refresh();
    mirror.receive(progress(3, 30));
    mirror.receive(progress(4, 40));
    await answer(snapshot(3));
    expect(received()).toBe(40);
  });

  it('asks once more when the list changed while a snapshot was on its way', async () => {
    const { mirror, asked, answer } = setUp();
    void mirror.refresh();
    await answer(snapshot(3));
    mirror.receive({ event: 'listed', download: 'a', seq: 4, time: '' });
    mirror.receive({ event: 'listed', download: 'a', seq: 5, time: '' });
    expect(asked).toHaveLength(1);
    await answer(snapshot(4));
    expect(asked).toHaveLength(1);
    await answer(snapshot(5));
    expect(asked).toHaveLength(0);
  });

  it('starts anew with the numbers of another engine run', async () => {
    const { mirror, answer, received } = setUp();
    void mirror.refresh();
    await answer(snapshot(500));
    void mirror.refresh();
    await answer(snapshot(1, { runId: 'other' }));
    mirror.receive(progress(2, 20));
    expect(received()).toBe(20);
  });
});
