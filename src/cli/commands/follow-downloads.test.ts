import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { FAKE_TIME } from '../testing/fake-engine.ts';
import { done, failed, start } from '../testing/play-download.ts';
import { downloadView, progressBody, WEIGHTS_BYTES } from '../testing/samples.ts';

describe('download', () => {
  it('opens the engine as owner with the limits of this run', async () => {
    const { engine, code } = start('download moshi --limit 5MB/s --give-up-after 30');
    await engine.whenCalled('snapshot');
    engine.emit(done());
    await code;
    expect(engine.opened[0]).toMatchObject({
      access: 'owner',
      limitBytesPerSecond: 5_000_000,
      giveUpAfterMs: 30_000,
    });
    expect(engine.closed()).toBe(true);
  });

  it('hands everything that describes the download to the engine', async () => {
    const flags = '--variant q4 --revision v1 --include *.json --exclude *.bin --profile weak --workers 3';
    const { engine, code } = start(`download moshi ${flags} --chunk-size 1MiB --accept-changed`);
    await engine.whenCalled('snapshot');
    engine.emit(done());
    await code;
    expect(engine.calls.find(({ name }) => name === 'downloads.add')?.args).toEqual({
      reference: 'moshi',
      variant: 'q4',
      revision: 'v1',
      include: ['*.json'],
      exclude: ['*.bin'],
      profile: 'weak',
      workers: 3,
      chunkSizeBytes: 2 ** 20,
      from: {},
      acceptChanged: true,
    });
  });

  it('ends with what is ready, where it is and its cost', async () => {
    const { io, engine, code } = start('download moshi');
    await engine.whenCalled('snapshot');
    engine.emit(done());
    expect(await code).toBe(0);
    expect(io.out().split('\n').slice(-4)).toEqual([
      'Ready: Moshi BF16, 15.4 GB, verified',
      '/cache/snapshot',
      '1 h 2 min · 15.0 GB downloaded · 375.7 MB reused · 1.3 MB downloaded again · 3 retries',
      '',
    ]);
  });

  it('says 100 % in the last line about a download of which it said less before', async () => {
    const { io, engine, code } = start('download moshi');
    await engine.whenCalled('snapshot');
    engine.emit(progressBody({ state: 'installing' }));
    engine.emit(progressBody({ state: 'ready', receivedBytes: WEIGHTS_BYTES, chunksDone: 294 }));
    engine.emit(done());
    await code;
    const lines = io.out().split('\n');
    expect(lines.at(-5)).toMatch(/Ready · 15\.38 of 15\.38 GB · 100 % · chunks 294\/294/);
    expect(lines.at(-4)).toMatch(/^Ready/);
  });

  it('prints nothing but the folder with --quiet', async () => {
    const { io, engine, code } = start('download moshi --quiet');
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    await io.pass(10_000);
    engine.emit(done());
    expect(await code).toBe(0);
    expect(io.out()).toBe('/cache/snapshot\n');
    expect(io.err()).toBe('');
  });

  it('fails with the exit code of the reason, reported once', async () => {
    const { io, engine, code } = start('download moshi');
    await engine.whenCalled('snapshot');
    engine.emit(failed());
    expect(await code).toBe(5);
    expect(io.err()).toBe('haulyard: The hash is wrong.\n');
  });

  it('does not miss the end of a download that is over before its id is known', async () => {
    let emit = () => {};
    const { engine, code } = start(
      'download moshi',
      [downloadView()],
      {},
      {
        'downloads.add': () => {
          emit();
          return { id: 'd1' };
        },
      },
    );
    emit = () => engine.emit(done());
    expect(await code).toBe(0);
  });

  it('is not ended by another download', async () => {
    const { io, engine, code } = start('download moshi --json');
    await engine.whenCalled('snapshot');
    engine.emit(failed('other'));
    engine.emit(done());
    expect(await code).toBe(0);
    expect(io.json()).toHaveLength(1);
  });

  it('writes a line at each change of state and every five seconds where it cannot draw', async () => {
    const view = downloadView();
    const { io, engine, code } = start('download moshi', [view]);
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    await io.pass(1000);
    engine.emit(progressBody({ receivedBytes: 6_400_000_000 }));
    const line =
      'Moshi BF16: Downloading · 6.30 of 15.38 GB · 40 % · 4.2 MB/s · 36 min left · chunks 114/294\n';
    expect(io.out()).toBe(line);
    await io.pass(4000);
    expect(io.out()).toBe(line + line.replace('6.30 of 15.38 GB · 40 %', '6.40 of 15.38 GB · 41 %'));
    engine.emit(progressBody({ state: 'verifying' }));
    expect(io.out().split('\n').at(-2)).toMatch(/^Moshi BF16: Verifying/);
    engine.emit(done());
    await code;
  });

  it('keeps a line about what was rescued and repaired', async () => {
    const { io, engine, code } = start('download moshi');
    await engine.whenCalled('snapshot');
    engine.emit({
      event: 'rescued',
      download: 'd1',
      path: 'w',
      bytes: 52_428_800,
      fileBytes: 9_000_000_000,
      chunks: 1,
      source: 'cache',
    });
    engine.emit({ event: 'repaired', download: 'd1', path: 'w', chunk: 7, bytes: 52_428_800 });
    engine.emit(done());
    await code;
    expect(io.out()).toContain('Reused 52.4 MB of w from the cache.\n');
    expect(io.out()).toContain('Repaired chunk 7 of w: 52.4 MB downloaded again.\n');
  });
});

describe('download --json', () => {
  it('prints each event with the common fields first and without the number of the engine', async () => {
    const { io, engine, code } = start('download moshi --json');
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    engine.emit({ event: 'listed', download: 'd1' });
    engine.emit(done());
    expect(await code).toBe(0);
    const [progress, end] = io.json();
    expect(io.json()).toHaveLength(2);
    expect(progress).toEqual({ ...progressBody(), time: FAKE_TIME });
    expect(end).toEqual({ ...done(), time: FAKE_TIME });
    expect(io.out()).toMatch(/^\{"event":"progress","time":"[^"]+","download":"d1",/);
  });

  it('prints the failed event last and no error object', async () => {
    const { io, engine, code } = start('download moshi --json');
    await engine.whenCalled('snapshot');
    engine.emit(failed());
    expect(await code).toBe(5);
    expect(io.json()).toEqual([{ ...failed(), time: FAKE_TIME }]);
    expect(io.err()).toBe('');
  });

  it('prints nothing of a download after its end, whatever still arrives', async () => {
    const { io, engine, code } = start('download moshi --json');
    await engine.whenCalled('snapshot');
    engine.emit(failed());
    engine.emit(progressBody());
    await code;
    expect(JSON.parse(io.out().trimEnd().split('\n').at(-1)!)).toMatchObject({ event: 'failed' });
  });

  it('prints an error object when the download could not be added', async () => {
    const { io, code } = start(
      'download moshi --json',
      [],
      {},
      {
        'downloads.add': () => {
          throw new AppError('NotFound', 'No such model.');
        },
      },
    );
    expect(await code).toBe(4);
    expect(io.json()).toEqual([{ error: { code: 'NotFound', message: 'No such model.', retryable: false } }]);
  });

  it('ends on an interrupt with what is safe and how to continue', async () => {
    const { io, engine, code } = start('download moshi --json');
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    io.interrupt();
    expect(await code).toBe(130);
    expect(io.json()).toEqual([
      { ...progressBody(), time: FAKE_TIME },
      {
        event: 'stopped',
        time: expect.any(String),
        download: 'd1',
        safeBytes: 6_300_000_000,
        resume: 'haulyard resume d1',
      },
    ]);
  });
});

describe('interrupt of a download', () => {
  it('closes the engine and reports what is safe and how to continue', async () => {
    const { io, engine, code } = start('download moshi');
    await engine.whenCalled('snapshot');
    io.interrupt();
    expect(await code).toBe(130);
    expect(engine.closed()).toBe(true);
    expect(io.err()).toBe(
      'haulyard: Stopped. 6.30 GB of Moshi BF16 is saved. To continue: haulyard resume d1\n',
    );
  });

  it('shows the cursor again', async () => {
    const { io, engine, code } = start('download moshi', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    expect(io.out()).toContain('\u001b[?25l');
    io.interrupt();
    await code;
    expect(io.out().endsWith('\u001b[?25h')).toBe(true);
  });

  it('shows the cursor again when the process ends at once', async () => {
    const { io, engine } = start('download moshi', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    io.exit();
    expect(io.out().endsWith('\u001b[?25h')).toBe(true);
  });
});
