// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';
import { type Answers, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleCatalog, sampleDownload, sampleSnapshot } from '../../testing/samples.ts';
import { CardAction } from './card-action.tsx';

afterEach(cleanup);

function byId<T extends { readonly id: string }>(items: readonly T[], wanted: string): T {
  const found = items.find(({ id }) => id === wanted);
  if (!found) throw new Error(`There is no ${wanted}.`);
  return found;
}

const base = byId(sampleCatalog.models, 'moshi');
/** Moshi as the catalog has it: Q8 and Q4 can be made from BF16. */
const moshi = {
  ...base,
  variants: base.variants.map((variant) =>
    variant.id === 'bf16'
      ? variant
      : {
          ...variant,
          makeable: { from: 'bf16' as const, recipe: 'mlx-affine-4-32', outputBytes: 4_800_000_000 },
        },
  ),
};
const variantOf = (id: string) => byId(moshi.variants, id);

async function openCard(variant: string, downloads: readonly DownloadView[], more: Answers = {}) {
  const page = renderPage(<CardAction model={moshi} variant={variantOf(variant)} />, {
    snapshot: () => succeed({ ...sampleSnapshot(), downloads }),
    'catalog.get': () => succeed({ ...sampleCatalog, models: [moshi] }),
    'downloads.add': () => succeed({ id: 'd' }),
    'downloads.make': () => succeed(undefined),
    ...more,
  });
  await waitFor(() => expect(page.stores.engine.store.getState().downloads).not.toBeNull());
  return page;
}

const tick = (variant: string) =>
  screen.findByRole('checkbox', { name: `Make ${variant} as soon as BF16 is ready` });
const coming = (over: Partial<DownloadView> = {}) =>
  sampleDownload({ id: 'd', model: 'moshi', variant: 'bf16', state: 'downloading', ...over });

it('a download can be asked for with what is made of it', async () => {
  const { user, fake } = await openCard('bf16', []);
  await user.click(await tick('Q8'));
  await user.click(screen.getByRole('button', { name: /^Download Moshi BF16/ }));
  expect(fake.callsOf('downloads.add')).toEqual([{ reference: 'moshi', variant: 'bf16', make: 'q8' }]);
  expect(await violations()).toEqual([]);
});

it('without the tick nothing is made', async () => {
  const { user, fake } = await openCard('bf16', []);
  await tick('Q8');
  await user.click(screen.getByRole('button', { name: /^Download Moshi BF16/ }));
  expect(fake.callsOf('downloads.add')).toEqual([{ reference: 'moshi', variant: 'bf16' }]);
});

it('a download on its way can be told so, and told otherwise', async () => {
  let download = coming();
  const { user, fake, stores } = await openCard('bf16', [], {
    snapshot: () => succeed({ ...sampleSnapshot(), downloads: [download] }),
  });
  await user.click(await tick('Q8'));
  expect(fake.callsOf('downloads.make')).toEqual([{ id: 'd', make: 'q8' }]);
  download = coming({ make: 'q8' });
  await act(() => stores.engine.refresh());
  expect((await tick('Q8')) as HTMLInputElement).toHaveProperty('checked', true);
  await user.click(await tick('Q8'));
  expect(fake.callsOf('downloads.make')[1]).toEqual({ id: 'd', make: null });
});

it('the card of what can be made offers it while its source is on its way', async () => {
  const { user, fake } = await openCard('q4', [coming()]);
  await user.click(await tick('Q4'));
  expect(fake.callsOf('downloads.make')).toEqual([{ id: 'd', make: 'q4' }]);
});

it('nothing is offered for what is here already', async () => {
  const presence: VariantPresence = {
    model: 'moshi',
    variant: 'q8',
    presentBytes: 8,
    totalBytes: 8,
    installed: true,
    path: '/q8',
    made: null,
    makeable: null,
  };
  const { stores } = await openCard('bf16', [coming()], { 'catalog.presence': () => succeed([presence]) });
  await waitFor(() => expect(stores.catalog.store.getState().presence).toHaveLength(1));
  expect(screen.queryByRole('checkbox')).toBeNull();
});
