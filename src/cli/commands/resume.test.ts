import { describe, expect, it } from 'vitest';
import type { BuildView } from '../../shared/model/build.ts';
import { done, failed, start } from '../testing/play-download.ts';
import { downloadView, snapshotOf } from '../testing/samples.ts';

/** Body of the event that ends a build successfully. */
const made = (download: string) => ({
  event: 'build.done' as const,
  download,
  path: '/made/q4',
  file: '/made/q4/model.q4.safetensors',
  size: 1,
  hash: 'ab',
  pinned: null,
  stats: { seconds: 1, readBytes: 1, writtenBytes: 1, recomputedUnits: 1, worstErrorInSteps: 1 },
});

describe('resume', () => {
  const views = [
    downloadView({ id: 'aa1', state: 'waiting' }),
    downloadView({ id: 'bb2', state: 'failed' }),
    downloadView({ id: 'cc3', state: 'ready' }),
  ];

  it('continues everything that is not ready and gives the exit code of the worst', async () => {
    const { engine, code } = start('resume', views);
    await engine.whenCalled('downloads.resume');
    expect(engine.calls.filter(({ name }) => name === 'downloads.resume').map(({ args }) => args)).toEqual([
      { id: 'aa1', acceptChanged: false },
      { id: 'bb2', acceptChanged: false },
    ]);
    engine.emit(failed('bb2'));
    engine.emit(done('aa1'));
    expect(await code).toBe(5);
  });

  it('continues one by the start of its id', async () => {
    const { engine, code } = start('resume bb --accept-changed', views);
    await engine.whenCalled('downloads.resume');
    engine.emit(done('bb2'));
    expect(await code).toBe(0);
    expect(engine.calls.filter(({ name }) => name === 'downloads.resume').map(({ args }) => args)).toEqual([
      { id: 'bb2', acceptChanged: true },
    ]);
  });

  it.each([
    ['resume', 'Nothing to resume. No download is unfinished.\n'],
    ['resume cc3', 'Nothing to resume. The download cc3 is complete.\n'],
    ['resume --json', '{"resumed":[]}\n'],
  ])('says with "%s" that there is nothing to do', async (line, text) => {
    const { io, code } = start(line, views.slice(2));
    expect(await code).toBe(0);
    expect(io.out()).toBe(text);
  });

  it('continues what is being made as well, after the downloads', async () => {
    const builds = [{ id: 'b1', state: 'paused' } as BuildView, { id: 'b2', state: 'ready' } as BuildView];
    const unfinished = views.slice(0, 1);
    const snapshot = () => ({ ...snapshotOf(unfinished), builds });
    const { engine, code } = start('resume', unfinished, {}, { snapshot, 'build.resume': () => undefined });
    await engine.whenCalled('downloads.resume');
    expect(engine.calls.map(({ name }) => name)).not.toContain('build.resume');
    engine.emit(done('aa1'));
    await engine.whenCalled('build.resume');
    engine.emit(made('b1'));
    expect(await code).toBe(0);
    expect(engine.calls.filter(({ name }) => name === 'build.resume').map(({ args }) => args)).toEqual([
      { id: 'b1' },
    ]);
  });

  it('does not know a strange id', async () => {
    const { io, code } = start('resume zz', views);
    expect(await code).toBe(4);
    expect(io.err()).toContain('There is no download zz');
  });
});
