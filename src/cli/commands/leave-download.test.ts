import { describe, expect, it } from 'vitest';
import type { OwnerInfo } from '../../engine/serve/join.ts';
import { start } from '../testing/play-download.ts';
import { downloadView, snapshotOf } from '../testing/samples.ts';

const OWNER: OwnerInfo = {
  protocol: 1,
  version: '1.2.3',
  program: 'Haulyard',
  pid: 4711,
  runId: 'run',
  settings: {
    cacheDir: '/nowhere/.cache/huggingface/hub',
    endpoint: 'https://huggingface.co',
    catalog: null,
    proxy: null,
  },
};
const LEFT =
  'haulyard: Stopped. 6.30 GB of Moshi BF16 is saved. It continues in Haulyard. To pause it: haulyard pause d1\n';

/** A download that the app runs, followed on a terminal. */
async function follow(flags = '', terminal = true) {
  const played = start(
    `download moshi${flags}`,
    [downloadView()],
    { terminal },
    { 'downloads.pause': () => undefined },
  );
  played.engine.beGuestOf(OWNER);
  await played.engine.whenCalled('snapshot');
  await played.io.pass(0);
  const paused = () => played.engine.calls.filter(({ name }) => name === 'downloads.pause').length;
  return { ...played, paused };
}

describe('Ctrl-C in a guest', () => {
  it('says where the download continues, and ends after two seconds', async () => {
    const { io, code, paused } = await follow();
    io.interrupt();
    await io.pass(1999);
    expect(io.err()).toBe(`${LEFT}haulyard: Press Ctrl-C again now to pause it there.\n`);
    await io.pass(1);
    expect([await code, paused()]).toEqual([130, 0]);
  });

  it('a second time pauses it', async () => {
    const { io, code, paused } = await follow();
    io.interrupt();
    await io.pass(500);
    io.interrupt();
    expect([await code, paused()]).toEqual([130, 1]);
    expect(io.err()).toContain('Paused Moshi BF16. To continue: haulyard resume d1\n');
  });

  it('ends at once where nobody looks on, and in JSON names the program', async () => {
    const { io, code } = await follow(' --json', false);
    io.interrupt();
    expect(await code).toBe(130);
    expect(io.json().at(-1)).toMatchObject({ event: 'stopped', download: 'd1', continuesIn: 'Haulyard' });
  });
});

describe('a guest whose owner ended', () => {
  it('resumes what was running', async () => {
    const { engine, io, code } = await follow();
    engine.changeOwner(null);
    await engine.whenCalled('downloads.resume');
    expect(engine.calls.at(-1)).toEqual({ name: 'downloads.resume', args: { id: 'd1' } });
    io.interrupt();
    await code;
  });

  it.each([
    ['ready', { state: 'ready', snapshot: '/cache/snapshot' }, 0, '/cache/snapshot\n'],
    [
      'failed',
      {
        state: 'failed',
        error: { code: 'HashMismatch', message: 'The hash is wrong.', retryable: false, details: {} },
      },
      5,
      '',
    ],
  ] as const)('ends when the download was %s without word of it', async (_name, change, exit, out) => {
    let views = [downloadView()];
    const { engine, io, code } = start(
      'download moshi --quiet',
      [],
      {},
      { snapshot: () => snapshotOf(views) },
    );
    engine.beGuestOf(OWNER);
    await engine.whenCalled('snapshot');
    await io.pass(0);
    views = [downloadView(change)];
    engine.changeOwner(null);
    expect(await code).toBe(exit);
    expect(io.out()).toBe(out);
  });
});
