// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answers, fail, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { samplePlan } from '../../testing/samples.ts';
import { PreviewDialog } from './preview-dialog.tsx';

afterEach(cleanup);

/** One file of a plan. */
function onlyFile() {
  const [file] = samplePlan().files;
  if (!file) throw new Error('The sample plan has no file.');
  return file;
}

async function openPreview(plan: Answers['downloads.plan'], reference = 'org/name') {
  const page = renderPage(<PreviewDialog />, {
    'downloads.plan': plan ?? (() => succeed(samplePlan())),
    'downloads.add': () => succeed({ id: 'd9' }),
  });
  act(() => page.stores.navigation.getState().openPreview({ reference }));
  await screen.findByRole('dialog', { name: `Files of ${reference}` });
  return page;
}

describe('the preview of a reference', () => {
  it('shows files and sizes, and starts nothing by itself', async () => {
    const { fake } = await openPreview(undefined);
    expect(await screen.findByText('model.safetensors')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Download 8.0 GB' })).toBeTruthy();
    expect(fake.callsOf('downloads.add')).toEqual([]);
  });

  it('starts on a press and goes to the download', async () => {
    const { fake, user, stores } = await openPreview(undefined);
    await user.click(await screen.findByRole('button', { name: 'Download 8.0 GB' }));
    expect(fake.callsOf('downloads.add')).toMatchObject([{ reference: 'org/name', exclude: [] }]);
    expect(stores.navigation.getState()).toMatchObject({
      section: 'downloads',
      selected: 'd9',
      preview: null,
    });
  });

  it('leaves out what has no tick', async () => {
    const { fake, user } = await openPreview(undefined);
    await user.click(await screen.findByRole('checkbox', { name: /^model.safetensors/ }));
    expect(screen.getByText('2 of 3 files')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Download 2 KB' }));
    expect(fake.callsOf('downloads.add')).toMatchObject([{ exclude: ['/model.safetensors'] }]);
  });

  it('cannot be started without a file', async () => {
    const { user } = await openPreview(undefined);
    await user.click(await screen.findByRole('button', { name: 'None' }));
    expect(screen.getByRole('button', { name: /^(Download|Add)/ })).toHaveProperty('disabled', true);
  });

  it('asks the Hub again once a filter was written', async () => {
    const { fake, user } = await openPreview(undefined);
    await screen.findByText('model.safetensors');
    await user.click(screen.getByText('Options'));
    await user.type(screen.getByRole('textbox', { name: 'Only files that match' }), '*.json, docs/');
    await waitFor(() => expect(fake.callsOf('downloads.plan').at(-1)?.include).toEqual(['*.json', 'docs/']));
    expect(fake.callsOf('downloads.plan').length).toBeLessThan(6);
  });

  it('says when there is not enough room', async () => {
    await openPreview(() => succeed(samplePlan({ freeBytes: 5_000_002_000 })));
    expect(await screen.findByText(/^Not enough space: free up 5.0 GB/)).toBeTruthy();
  });

  it('that came from outside is started by no key that was on its way to something else', async () => {
    const page = renderPage(<PreviewDialog />, { 'downloads.plan': () => succeed(samplePlan()) });
    act(() => page.stores.navigation.getState().openPreview({ reference: 'org/name', isFromOutside: true }));
    await screen.findByRole('button', { name: 'Download 8.0 GB' });
    await page.user.keyboard('{Enter} ');
    expect(document.activeElement).toBe(screen.getByRole('dialog'));
    expect(page.fake.callsOf('downloads.add')).toEqual([]);
  });

  it('does not hear Return and Space in its first half second', async () => {
    const { fake, user } = await openPreview(undefined);
    const start = await screen.findByRole('button', { name: 'Download 8.0 GB' });
    const now = vi.spyOn(performance, 'now');
    now.mockReturnValue(0);
    act(() => start.focus());
    await user.keyboard('{Enter} ');
    expect(fake.callsOf('downloads.add')).toEqual([]);
    now.mockRestore();
  });

  it('of 100,000 files keeps the page small', async () => {
    const file = onlyFile();
    const files = Array.from({ length: 100_000 }, (_, index) => ({
      ...file,
      path: `shard-${index}`,
      hash: String(index),
    }));
    await openPreview(() => succeed(samplePlan({ files })));
    expect(await screen.findByText('All 100000 files')).toBeTruthy();
    expect(document.querySelectorAll('li').length).toBeLessThan(200);
  });

  it('writes out what cannot be seen in a name', async () => {
    const file = onlyFile();
    await openPreview(() => succeed(samplePlan({ files: [{ ...file, path: 'photo\u202Egpj.exe' }] })));
    expect(await screen.findByText('photo⟨U+202E⟩gpj.exe')).toBeTruthy();
  });

  it('has nothing that axe finds wrong', async () => {
    const { user } = await openPreview(undefined);
    await screen.findByText('model.safetensors');
    await user.click(screen.getByText('Options'));
    expect(await violations()).toEqual([]);
  });
});

describe('a reference that the Hub refuses', () => {
  it('leads to the token field when a token is missing, and forgets nothing', async () => {
    const { user, stores } = await openPreview(() =>
      fail('Gated', 'org/name is gated. Give a token (HF_TOKEN) of that account.'),
    );
    expect((await screen.findByRole('alert')).textContent).toMatch(/Give a token of that account/);
    await user.click(screen.getByRole('button', { name: 'Enter Token…' }));
    expect(stores.navigation.getState()).toMatchObject({
      section: 'settings',
      focusWanted: 'token',
      preview: null,
      afterToken: { reference: 'org/name' },
    });
  });

  it('can be tried again when the line was at fault', async () => {
    const { user, fake } = await openPreview(() => fail('Offline', 'There is no connection.'));
    fake.answer('downloads.plan', () => succeed(samplePlan()));
    await user.click(await screen.findByRole('button', { name: 'Try Again' }));
    expect(await screen.findByText('model.safetensors')).toBeTruthy();
  });

  it('asks for a yes, with what differs, when the files are not those of the catalog', async () => {
    const message =
      'org/name is not what the catalog expects: config.json is no longer there. Go on with --accept-changed.';
    const { user, fake } = await openPreview(({ acceptChanged }) =>
      acceptChanged === true ? succeed(samplePlan()) : fail('ChangedUpstream', message),
    );
    await user.click(await screen.findByRole('button', { name: 'Review Changed Files' }));
    await user.click(await screen.findByRole('button', { name: 'Accept and Download 8.0 GB' }));
    expect(fake.callsOf('downloads.add')).toMatchObject([{ acceptChanged: true }]);
  });

  it('has no button that cannot help', async () => {
    await openPreview(() => fail('BadRequest', 'This is not a catalog id.'));
    await screen.findByRole('alert');
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Close']);
  });
});
