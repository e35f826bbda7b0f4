// @vitest-environment jsdom
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { BuildView, MadeModel } from '../../../shared/model/build.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';
import { succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleBuild } from '../../testing/sample-build.ts';
import { sampleSnapshot } from '../../testing/samples.ts';
import { Announcer } from '../shell/announcer.tsx';
import { BuildList } from './build-list.tsx';
import { CancelBuildDialog } from './cancel-build-dialog.tsx';
import { MadeList } from './made-list.tsx';
import { MakingSummary } from './making-summary.tsx';

afterEach(cleanup);

const presence: VariantPresence = {
  model: 'moshi',
  variant: 'bf16',
  presentBytes: 15_760_894_886,
  totalBytes: 15_760_894_886,
  installed: true,
  path: '/cache/x',
  made: null,
  makeable: null,
};

function openList(...builds: readonly BuildView[]) {
  return renderPage(<BuildList />, {
    snapshot: () => succeed({ ...sampleSnapshot(), builds }),
    'catalog.presence': () => succeed([presence]),
    'build.pause': () => succeed(undefined),
    'build.cancel': () => succeed(undefined),
    'library.remove': () => succeed({ repo: 'x', freedBytes: 15_000_000_000, removedSnapshots: 1 }),
  });
}

describe('what is being made', () => {
  it('shows its phase, bytes, speed and time left', async () => {
    openList(sampleBuild());
    expect(await screen.findByText('Moshi Q4')).toBeTruthy();
    expect(screen.getByText('Making')).toBeTruthy();
    expect(screen.getByText('6.30 of 15.38 GB read · 2.0 GB written · 900.0 MB/s · 10 s left')).toBeTruthy();
    const bar = screen.getByRole('progressbar', { name: 'Making Moshi Q4' });
    expect(bar.getAttribute('aria-valuenow')).toBe('40');
    expect(await violations()).toEqual([]);
  });

  it('is never at 100 % before it is ready', async () => {
    openList(sampleBuild({ state: 'verifying', sourceBytesDone: 15_375_697_208, hashedBytes: 1 }));
    const bar = await screen.findByRole('progressbar');
    expect(bar.getAttribute('aria-valuenow')).toBe('99');
  });

  it('can be paused', async () => {
    const { user, fake } = openList(sampleBuild());
    await user.click(await screen.findByRole('button', { name: 'Pause Moshi Q4' }));
    expect(fake.callsOf('build.pause')).toEqual([{ id: 'b1' }]);
  });

  it('says why it stands still', async () => {
    openList(sampleBuild({ state: 'failed', reason: 'The BF16 is damaged.' }));
    expect(await screen.findByText('Stopped. The BF16 is damaged.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try Again' })).toBeTruthy();
  });

  it('is asked about before it is cancelled, with what goes', async () => {
    const { user, fake } = renderPage(
      <>
        <BuildList />
        <CancelBuildDialog />
      </>,
      {
        snapshot: () => succeed({ ...sampleSnapshot(), builds: [sampleBuild()] }),
        'build.cancel': () => succeed(undefined),
      },
    );
    await user.click(await screen.findByRole('button', { name: 'Cancel Making Moshi Q4' }));
    const dialog = await screen.findByRole('dialog', { name: 'Stop making Moshi Q4?' });
    expect(dialog.textContent).toContain('2.0 GB made so far will be deleted.');
    expect(await violations()).toEqual([]);
    expect(fake.callsOf('build.cancel')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Stop and Delete' }));
    expect(fake.callsOf('build.cancel')).toEqual([{ id: 'b1' }]);
  });

  it('can be tried at once while it waits', async () => {
    const waiting = sampleBuild({ state: 'waiting', waitReason: 'disk', reason: 'Not enough space.' });
    const { user, fake } = renderPage(<BuildList />, {
      snapshot: () => succeed({ ...sampleSnapshot(), builds: [waiting] }),
      'build.resume': () => succeed(undefined),
    });
    expect(await screen.findByText('Waiting. Not enough space.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try Now' }));
    expect(fake.callsOf('build.resume')).toEqual([{ id: 'b1' }]);
  });

  it('is summed up at the foot of the sidebar while it is active', async () => {
    const { fake, stores } = renderPage(<MakingSummary />, {
      snapshot: () => succeed({ ...sampleSnapshot(), builds: [sampleBuild()] }),
    });
    expect(await screen.findByText('Making Moshi Q4')).toBeTruthy();
    expect(screen.getByText('31 % · 10 s left')).toBeTruthy();
    fake.answer('snapshot', () =>
      succeed({ ...sampleSnapshot(), builds: [sampleBuild({ state: 'paused' })] }),
    );
    await act(() => stores.engine.refresh());
    expect(screen.queryByText('Making Moshi Q4')).toBeNull();
  });
});

describe('what is said aloud of a build', () => {
  it('is each phase and each full quarter', async () => {
    const at = (share: number, over: Partial<BuildView> = {}) =>
      succeed({
        ...sampleSnapshot(),
        builds: [sampleBuild({ sourceBytesDone: 15_375_697_208 * share, ...over })],
      });
    const { fake, stores } = renderPage(<Announcer />, { snapshot: () => at(0.4) });
    const said = async (...next: Parameters<typeof at>) => {
      fake.answer('snapshot', () => at(...next));
      await act(() => stores.engine.refresh());
      return screen.getByRole('status').textContent;
    };
    await act(() => stores.engine.refresh());
    expect(await said(0.49)).toBe('');
    expect(await said(0.51)).toBe('Moshi Q4: 50 percent');
    expect(await said(1, { state: 'verifying' })).toBe('Moshi Q4: verifying');
    expect(await said(1, { state: 'ready' })).toBe('Moshi Q4: ready');
  });
});

describe('what was just made', () => {
  it('keeps its source unless the user says otherwise, and says what would be lost', async () => {
    const { user, fake } = openList(sampleBuild({ state: 'ready' }));
    expect(await screen.findByText('Moshi Q4 is ready')).toBeTruthy();
    expect(await screen.findByText('The BF16 (15.8 GB) is no longer needed to run it.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove BF16…' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain(
      'To make Q8 later, BF16 would have to be downloaded again (15.8 GB).',
    );
    expect(fake.callsOf('library.remove')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Remove and Free 15.8 GB' }));
    expect(fake.callsOf('library.remove')).toEqual([{ reference: 'kyutai/moshiko-mlx-bf16' }]);
  });
});

const made: MadeModel = {
  id: 'kyutai/moshiko-mlx-bf16-q4',
  model: 'moshi',
  variant: 'q4',
  from: { repo: 'kyutai/moshiko-mlx-bf16', commit: '12'.repeat(20), sha256: 'b9a46943'.repeat(8) },
  path: "/m/it's/moshiko-mlx-bf16-q4",
  file: '/m/model.q4.safetensors',
  bytes: 5_190_191_180,
  files: 3,
  madeAt: '2026-12-03T12:15:00Z',
  recipe: 'mlx-affine-4-32',
  rule: 'metal',
  bits: 4,
  paths: ['model.q4.safetensors', 'tokenizer-e351.safetensors', 'tokenizer_spm_32k_3.model'],
  complete: true,
};

describe('a row of what was made here', () => {
  it('says from what it was made, and checks it', async () => {
    const file = { path: 'x', expected: 'a', actual: 'a', badChunks: [], checkedAt: made.madeAt };
    const { user, fake } = renderPage(<MadeList made={[made]} />, {
      'library.verify': () => succeed({ ok: true, files: [{ ...file, ok: true }] }),
    });
    expect(await screen.findByText('Moshi Q4')).toBeTruthy();
    expect(await screen.findByText('made here from BF16 b9a46943… on 2026-12-03')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Verify' }));
    expect(await screen.findByText(/· checked$/)).toBeTruthy();
    expect(fake.callsOf('library.verify')).toEqual([{ reference: 'kyutai/moshiko-mlx-bf16', variant: 'q4' }]);
  });

  it('copies the command that loads it, with quoted paths', async () => {
    const { user, fake } = renderPage(<MadeList made={[made]} />, {
      'clipboard.write': () => succeed(undefined),
    });
    await user.click(await screen.findByRole('button', { name: 'More for Moshi Q4' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Copy Command' }));
    const [call] = fake.callsOf('clipboard.write');
    expect(call?.text).toContain(
      String.raw`-q 4 --moshi-weight '/m/it'\''s/moshiko-mlx-bf16-q4/model.q4.safetensors'`,
    );
  });
});
