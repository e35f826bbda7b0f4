// @vitest-environment jsdom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { VariantPresence } from '../../../shared/model/library.ts';
import { type Answers, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleBuildPlan } from '../../testing/sample-build.ts';
import { sampleDownload, sampleSnapshot } from '../../testing/samples.ts';
import { DiscoverPane } from './discover-pane.tsx';

afterEach(cleanup);

async function openDiscover(answers: Answers = {}, shown = /^Q8/) {
  const page = renderPage(<DiscoverPane />, answers);
  const card = within(await screen.findByRole('listitem', { name: 'Moshi' }));
  await waitFor(() => expect(page.stores.engine.store.getState().downloads).not.toBeNull());
  await card.findByRole('radio', { checked: true, name: shown });
  return { ...page, card };
}

const presence =
  (change: Partial<VariantPresence>): NonNullable<Answers['catalog.presence']> =>
  () =>
    succeed([
      {
        model: 'moshi',
        variant: 'q8',
        presentBytes: 0,
        totalBytes: 8_221_197_678,
        installed: false,
        path: null,
        made: null,
        makeable: null,
        ...change,
      },
    ]);

describe('a card', () => {
  it('offers the variant that suits this machine, by its name and size', async () => {
    const { card, fake, user } = await openDiscover();
    fake.answer('downloads.add', () => succeed({ id: 'd9' }));
    await user.click(card.getByRole('button', { name: 'Download Moshi Q8 · 8.2 GB' }));
    expect(fake.callsOf('downloads.add')).toEqual([{ reference: 'moshi', variant: 'q8' }]);
  });

  it('offers the variant that the user chose', async () => {
    const { card, user } = await openDiscover();
    await user.click(card.getByRole('radio', { name: 'BF16, 15.8 GB, Won’t fit' }));
    expect(card.getByRole('button', { name: 'Download Moshi BF16 · 15.8 GB' })).toBeTruthy();
    expect(card.getByText(/^Q8 would be the best/)).toBeTruthy();
  });

  it('says how each variant fits in words', async () => {
    const { card } = await openDiscover();
    expect(card.getAllByRole('radio').map((radio) => radio.getAttribute('aria-label'))).toEqual([
      'BF16, 15.8 GB, Won’t fit',
      'Q8, 8.2 GB, Tight',
      'Q4, 4.8 GB, Runs well',
    ]);
  });

  it('gives the numbers behind the choice when asked', async () => {
    const { card, user } = await openDiscover();
    await user.click(card.getByRole('button', { name: /^Why\?/ }));
    expect(await screen.findByText(/Needs 18.5 GB; a machine of 18 GB/)).toBeTruthy();
  });

  it('says how much is here already', async () => {
    const { card } = await openDiscover({ 'catalog.presence': presence({ presentBytes: 4_000_000_000 }) });
    expect(await card.findByText('4.00 of 8.22 GB already on this computer')).toBeTruthy();
    expect(card.getByRole('button', { name: 'Finish Downloading Moshi Q8 · 4.2 GB' })).toBeTruthy();
  });

  it('offers no download of what is here', async () => {
    const { card, stores, user } = await openDiscover({ 'catalog.presence': presence({ installed: true }) });
    expect(await card.findByText('On this computer')).toBeTruthy();
    expect(card.queryByRole('button', { name: /^Download/ })).toBeNull();
    await user.click(card.getByRole('button', { name: 'Show in Library' }));
    expect(stores.navigation.getState().section).toBe('library');
  });

  it('offers first to make what can be made here, and the download beside it', async () => {
    const started: unknown[] = [];
    const makeable = { from: 'bf16', outputBytes: 8_168_805_880, sourceInstalled: true } as const;
    const { card, user } = await openDiscover({
      'catalog.presence': presence({ makeable }),
      'build.start': (args) => {
        started.push(args);
        return succeed({ id: 'b1' });
      },
    });
    expect(await card.findByText('From the BF16 on this computer · 8.2 GB · no download')).toBeTruthy();
    expect(card.getByRole('button', { name: /^Download Q8 Instead/ })).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Make Q8 Here' }));
    expect(started).toEqual([{ reference: 'moshi', variant: 'q8' }]);
  });

  it('says how long making takes here, and what room is missing, before the click', async () => {
    const makeable = { from: 'bf16', outputBytes: 8_168_805_880, sourceInstalled: true } as const;
    const room = { neededBytes: 8_168_805_880, freeBytes: 6_000_000_000, reserveBytes: 2_000_000_000 };
    const { card } = await openDiscover({
      'catalog.presence': presence({ makeable }),
      'build.plan': () => succeed(sampleBuildPlan({ ...room, estimatedSeconds: 21.4 })),
    });
    expect(
      await card.findByText('From the BF16 on this computer · 8.2 GB · about 21 s · no download'),
    ).toBeTruthy();
    expect(
      card.getByText('Not enough space: free up 4.2 GB. Making it will wait until there is.'),
    ).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  it('shows the progress of its download, and the way to it', async () => {
    const download = sampleDownload({ variant: 'q8' });
    const { card, stores, user } = await openDiscover({ snapshot: () => succeed(sampleSnapshot(download)) });
    expect(card.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('41 percent, 36 minutes left');
    await user.click(card.getByRole('button', { name: 'Show in Downloads' }));
    expect(stores.navigation.getState()).toMatchObject({ section: 'downloads', selected: 'd1' });
  });

  it('comes back with the variant that is on its way, and marks it', async () => {
    const running = sampleDownload({ variant: 'q4' });
    const { card } = await openDiscover({ snapshot: () => succeed(sampleSnapshot(running)) }, /^Q4/);
    expect(card.getByRole('radio', { checked: true }).getAttribute('aria-label')).toMatch(/, downloading$/);
    expect(card.queryByRole('button', { name: /^Download/ })).toBeNull();
  });

  it('tells the time at the speed at which others come now', async () => {
    const other = sampleDownload({ variant: 'bf16', bytesPerSecond: 4_000_000 });
    const { card, user } = await openDiscover({ snapshot: () => succeed(sampleSnapshot(other)) }, /^BF16/);
    await user.click(card.getByRole('radio', { name: /^Q8/ }));
    expect(card.getByText('34 min at 4.0 MB/s')).toBeTruthy();
  });

  it('asks what is here again when a download ends', async () => {
    const running = () => succeed(sampleSnapshot(sampleDownload()));
    const { fake } = await openDiscover({ snapshot: running }, /^BF16/);
    const before = fake.callsOf('catalog.presence').length;
    fake.answer('snapshot', () => succeed(sampleSnapshot(sampleDownload({ state: 'ready' }))));
    act(() => fake.emit({ type: 'engine-status', status: { state: 'running', runId: 'run-1' } }));
    await waitFor(() => expect(fake.callsOf('catalog.presence').length).toBe(before + 1));
  });
});

describe('Discover', () => {
  it('says which machine this is', async () => {
    await openDiscover();
    expect(screen.getByText('Apple M3 Pro · 18 GB memory · 14.5 GB for models')).toBeTruthy();
  });

  it('has nothing that axe finds wrong', async () => {
    await openDiscover({ snapshot: () => succeed(sampleSnapshot(sampleDownload({ variant: 'q8' }))) });
    expect(await violations()).toEqual([]);
  });

  it('takes the link field in hand when that is asked for', async () => {
    const { stores } = await openDiscover();
    act(() => stores.navigation.getState().wantFocus('link'));
    expect(document.activeElement).toBe(
      screen.getByRole('textbox', { name: 'Search models, or paste a link' }),
    );
  });

  it('says what to write when nothing was written', async () => {
    const { user, stores } = await openDiscover();
    await user.type(screen.getByRole('textbox', { name: 'Search models, or paste a link' }), '{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/^Type a word/);
    expect(stores.navigation.getState().preview).toBeNull();
  });

  it('previews what was pasted', async () => {
    const { user, stores } = await openDiscover();
    const field = screen.getByRole('textbox', { name: 'Search models, or paste a link' });
    await user.type(field, ' https://huggingface.co/org/name {Enter}');
    expect(stores.navigation.getState().preview).toEqual({ reference: 'https://huggingface.co/org/name' });
  });
});
