// @vitest-environment jsdom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answers, fail, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleFound, samplePage, sampleSuitability } from '../../testing/sample-search.ts';
import { DiscoverPane } from '../discover/discover-pane.tsx';

afterEach(cleanup);

const FIELD = 'Search models, or paste a link';
const FAMILY = [
  sampleFound('meta-llama/Llama-1B', {
    gated: 'manual',
    format: 'safetensors',
    precision: 'BF16',
    bytes: 2.5e9,
  }),
  sampleFound('mlx-community/Llama-1B-4bit', { quantizedFrom: 'meta-llama/Llama-1B' }),
  sampleFound('other/Llama-70B', { suitability: sampleSuitability('wont-fit') }),
];

async function search(text: string, answer: NonNullable<Answers['models.search']>) {
  const page = renderPage(<DiscoverPane />, { 'models.search': answer });
  const field = await screen.findByRole('textbox', { name: FIELD });
  await write(page.user, field, text);
  return { ...page, field, asked: () => page.fake.callsOf('models.search') };
}

/** All at once: typing pauses on a busy machine. */
async function write(user: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}

const rowOf = async (name: string) => within(await screen.findByRole('listitem', { name }));

describe('search in Discover', () => {
  it('asks for all words, and shows groups with the version that suits this computer', async () => {
    const { asked } = await search('llama', () => succeed(samplePage(FAMILY)));
    const row = await rowOf('mlx-community/Llama-1B-4bit');
    expect(asked()).toEqual([{ words: 'llama', sort: 'downloads', typing: true }]);
    expect(
      row.getByText(/^Text generation · 1B parameters · llama3.2 license · 320K downloads · updated/),
    ).toBeTruthy();
    expect(row.getByText('Fits')).toBeTruthy();
    expect(screen.getByText('3 models found')).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  it('lets another version be chosen, and opens its files', async () => {
    const { user, stores } = await search('llama', () => succeed(samplePage(FAMILY)));
    const row = await rowOf('mlx-community/Llama-1B-4bit');
    await user.click(row.getByRole('radio', { name: 'BF16' }));
    expect(screen.getByText('Needs access')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Download meta-llama/Llama-1B…' }));
    expect(stores.navigation.getState().preview).toEqual({ reference: 'meta-llama/Llama-1B' });
  });

  it('narrows by format, topic and order, and by what fits without asking', async () => {
    const { user, asked } = await search('llama', () => succeed(samplePage(FAMILY)));
    await rowOf('other/Llama-70B');
    await user.click(screen.getByRole('button', { name: 'Fits this computer' }));
    expect(screen.queryByRole('listitem', { name: 'other/Llama-70B' })).toBeNull();
    expect(asked()).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'GGUF' }));
    await user.click(screen.getByRole('button', { name: 'Speech' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Sort by' }), 'likes');
    expect(asked().at(-1)).toMatchObject({
      filters: ['gguf'],
      task: 'automatic-speech-recognition',
      sort: 'likes',
    });
  });

  it('goes from the field to the rows and from row to row by arrow keys, and opens one by Return', async () => {
    const { user, field, stores } = await search('llama', () => succeed(samplePage(FAMILY)));
    await rowOf('other/Llama-70B');
    await user.click(field);
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(stores.navigation.getState().preview).toEqual({ reference: 'other/Llama-70B' });
  });

  it('keeps recommended models that have the words, and all of them without a search', async () => {
    const { user, field } = await search('moshi', () => succeed(samplePage([])));
    expect(await screen.findByText('No models with “moshi” in their name')).toBeTruthy();
    expect(screen.getByRole('listitem', { name: 'Moshi' })).toBeTruthy();
    expect(screen.queryByRole('listitem', { name: /Parakeet/ })).toBeNull();
    await user.type(field, '{Escape}');
    expect(screen.getByRole('listitem', { name: /Parakeet/ })).toBeTruthy();
  });

  it('asks for the next page when few rows are left, and ends with a list that goes round', async () => {
    const { asked } = await search('llama', ({ cursor }) =>
      succeed(samplePage(cursor === undefined ? FAMILY : FAMILY.slice(0, 1), { cursor: 'c1' })),
    );
    await rowOf('other/Llama-70B');
    await waitFor(() => expect(asked().map(({ cursor }) => cursor)).toEqual([undefined, 'c1']));
    expect(await screen.findByText('3 models found')).toBeTruthy();
  });

  it('shows hostile names as text', async () => {
    const hostile = sampleFound('org/name', { license: '<img src=x>', task: 'constructor' });
    await search('name', () => succeed(samplePage([hostile])));
    const row = await rowOf('org/name');
    expect(row.getByText(/Constructor · .*<img src=x> license/)).toBeTruthy();
  });

  it('says that it is offline, and shows what is here', async () => {
    const offline = { offline: true, offlineReason: 'Can’t find huggingface.co.' };
    await search('llama', () => succeed(samplePage(FAMILY.slice(0, 1), offline)));
    expect(await screen.findByText(/^Can’t find huggingface.co. Showing what’s here/)).toBeTruthy();
    await rowOf('meta-llama/Llama-1B');
  });

  it('says that the Hub wants fewer requests, and when it is asked again', async () => {
    await search('llama', () =>
      fail('RateLimited', 'Too many.', { retryAfterSeconds: 3600, host: 'huggingface.co' }),
    );
    expect(await screen.findByText(/^Hugging Face asks for fewer requests. Searching again in/)).toBeTruthy();
  });

  it('says what went wrong otherwise, with a button to try again', async () => {
    let broken = true;
    const { user } = await search('llama', () =>
      broken ? fail('ServerError', 'The server is having problems.') : succeed(samplePage(FAMILY)),
    );
    expect((await screen.findByRole('alert')).textContent).toContain('The server is having problems.');
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try Again' }));
    await rowOf('other/Llama-70B');
  });

  it('forgets an answer that was overtaken', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { user, field, asked } = await search('slow', async ({ words }) => {
      if (words === 'slow') await promise;
      return succeed(samplePage([sampleFound(words === 'slow' ? 'org/old' : 'org/new')]));
    });
    await waitFor(() => expect(asked()).toHaveLength(1));
    await user.clear(field);
    await write(user, field, 'other');
    await rowOf('org/new');
    resolve();
    await act(() => promise);
    expect(screen.queryByRole('listitem', { name: 'org/old' })).toBeNull();
  });
});
