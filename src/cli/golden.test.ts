import { describe, expect, it, vi } from 'vitest';
import type { EventBody, ProgressEvent } from '../shared/contract/events.ts';
import type { DownloadView } from '../shared/model/download.ts';
import { applyEvent, type DownloadsState, stateOf } from '../shared/projection/downloads-state.ts';
import type { FakeEngine } from './testing/fake-engine.ts';
import type { FakeIo, FakeIoOptions } from './testing/fake-io.ts';
import { done, failed, start } from './testing/play-download.ts';
import { downloadView, fileView, progressBody, snapshotOf } from './testing/samples.ts';

/**
 * The output of commands, byte for byte, in files next to this one. Other people's scripts parse it: a change of these
 * files is a change of the interface, and belongs in CHANGELOG.md.
 */

/** Emits events, as an engine whose snapshots agree with them. */
interface Told {
  emit(body: EventBody): void;
}

type Play = (engine: Told, io: FakeIo) => Promise<void>;

/** Creates a download whose last file receives the bytes in the events. */
function createTold(views: readonly DownloadView[]) {
  let state: DownloadsState = stateOf(snapshotOf(views));
  const told = (engine: FakeEngine): Told => ({
    emit(body) {
      const full = body.event === 'progress' ? { ...body, files: changed(state, body) } : body;
      state = applyEvent(state, { ...full, seq: state.seq + 1, time: '' }).state;
      engine.emit(full);
    },
  });
  return { told, snapshot: () => ({ ...snapshotOf(state.downloads), seq: state.seq }) };
}

function changed(state: DownloadsState, event: Pick<ProgressEvent, 'download' | 'receivedBytes'>) {
  const files = state.downloads.find(({ id }) => id === event.download)?.files ?? [];
  const have = files.slice(0, -1).reduce((sum, file) => sum + file.receivedBytes, 0);
  return files.slice(-1).map((file) => ({ ...file, receivedBytes: event.receivedBytes - have }));
}

const progress = (over: Partial<ProgressEvent> = {}) => progressBody(over);
const files = [
  fileView({ path: 'config.json', size: 700, receivedBytes: 700, verifiedBytes: 700, installed: true }),
  fileView(),
];
const view = downloadView({ files });
const OTHER = downloadView({ id: 'd2', repo: 'org/other', model: null, variant: null, state: 'paused' });

/** Resolving, downloading, a retry, a wait, a repair, verifying. */
const wholeStory: Play = async (engine, io) => {
  engine.emit(progress({ state: 'resolving', receivedBytes: 0, verifiedBytes: 0 }));
  engine.emit({
    event: 'resolved',
    download: 'd1',
    repo: view.repo,
    commit: 'c'.repeat(40),
    files: [{ path: 'model.safetensors', size: 10, hash: 'ab', algorithm: 'sha256', chunks: 294 }],
    totalBytes: 15_375_697_908,
    presentBytes: 700,
  });
  engine.emit(progress());
  await io.pass(3000);
  engine.emit(progress({ receivedBytes: 6_400_000_000 }));
  await io.pass(2500);
  engine.emit(progress({ receivedBytes: 6_500_000_000, bytesPerSecond: 0 }));
  await io.pass(6000);
  engine.emit({
    event: 'retry',
    download: 'd1',
    path: 'model.safetensors',
    chunk: 5,
    attempt: 2,
    code: 'Timeout',
    message: 'The server was silent.',
    delayMs: 2000,
  });
  engine.emit(
    progress({
      state: 'waiting',
      reason: 'There is no internet connection.',
      waitReason: 'network',
      retryAt: '2025-01-01T00:00:20.000Z',
      wait: { reason: 'network', code: 'Offline', attempt: 2 },
      receivedBytes: 6_500_000_000,
      bytesPerSecond: 0,
      etaSeconds: null,
    }),
  );
  await io.pass(6000);
  engine.emit(progress({ receivedBytes: 7_000_000_000, state: 'repairing' }));
  engine.emit({ event: 'repaired', download: 'd1', path: 'model.safetensors', chunk: 7, bytes: 52_428_800 });
  engine.emit(progress({ state: 'verifying', receivedBytes: view.totalBytes, bytesPerSecond: 0 }));
  await io.pass(1000);
  engine.emit({
    event: 'verifying',
    download: 'd1',
    path: 'model.safetensors',
    seconds: 12,
    hashedBytes: 5_000_000_000,
    totalBytes: view.totalBytes,
  });
  await io.pass(5500);
  engine.emit(progress({ state: 'installing', receivedBytes: view.totalBytes, etaSeconds: null }));
};

const scenarios: ReadonlyArray<{
  readonly name: string;
  readonly line: string;
  readonly terminal?: boolean;
  readonly views?: Parameters<typeof start>[1];
  readonly play: Play;
}> = [
  ...[false, true].flatMap((terminal) =>
    ['', ' --json', ' --quiet'].map((flag) => ({
      name: `ready${flag.replace(' --', '-')}${terminal ? '-terminal' : ''}`,
      line: `download moshi${flag}`,
      terminal,
      play: async (engine: Told, io: FakeIo) => {
        await wholeStory(engine, io);
        engine.emit(done());
      },
    })),
  ),
  ...['', ' --json'].map((flag) => ({
    name: `failed${flag.replace(' --', '-')}`,
    line: `download moshi${flag}`,
    play: async (engine: Told) => {
      engine.emit(progress());
      engine.emit(failed());
    },
  })),
  ...['', ' --json', ' --quiet'].map((flag) => ({
    name: `interrupted${flag.replace(' --', '-')}`,
    line: `download moshi${flag}`,
    play: async (engine: Told, io: FakeIo) => {
      engine.emit(progress({ receivedBytes: 6_400_000_000 }));
      await io.pass(300);
      io.interrupt();
    },
  })),
  {
    name: 'two-downloads',
    line: 'resume',
    views: [view, OTHER],
    play: async (engine, io) => {
      engine.emit(progress());
      engine.emit(progress({ download: 'd2', receivedBytes: 6_350_000_000 }));
      await io.pass(6000);
      engine.emit(done('d2'));
      await io.pass(1000);
      engine.emit(failed());
    },
  },
];

describe('the output of a download', () => {
  it.each(scenarios)('$name', async ({ name, line, terminal = false, views = [view], play }) => {
    const options: FakeIoOptions = { terminal, columns: 100, env: { TERM: 'xterm', NO_COLOR: '1' } };
    const { told, snapshot } = createTold(views);
    const { io, engine, code } = start(line, views, options, { snapshot });
    // `resume` reads the state twice before it follows anything; earlier events would only show in their results.
    const looks = line.startsWith('resume') ? 3 : 1;
    await vi.waitUntil(
      () => engine.calls.filter(({ name: called }) => called === 'snapshot').length >= looks,
    );
    await new Promise((resolve) => setImmediate(resolve));
    await io.pass(0);
    await play(told(engine), io);
    const exit = await code;
    const text = `$ haulyard ${line}\n${io.out()}--- standard error\n${io.err()}--- exit code ${exit}\n`;
    await expect(text).toMatchFileSnapshot(`testing/golden/${name}.txt`);
  });
});
