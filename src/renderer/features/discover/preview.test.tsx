// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessCheck } from '../../../shared/contract/search-commands.ts';
import { type Answers, fail, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleCard, sampleChoice } from '../../testing/sample-search.ts';
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
      fail('Gated', 'org/name is gated.', { remedy: 'token-with-access' }),
    );
    expect((await screen.findByRole('alert')).textContent).toMatch(/Then enter a token of that account/);
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
    const { user, fake } = await openPreview(({ acceptChanged }) =>
      acceptChanged === true
        ? succeed(samplePlan())
        : fail('ChangedUpstream', 'It isn’t what the catalog expects.', { missing: 'config.json' }),
    );
    await user.click(await screen.findByRole('button', { name: 'Review Changed Files' }));
    await screen.findByText(/^config\.json is no longer there\. Each file is checked/);
    await user.click(await screen.findByRole('button', { name: 'Accept and Download 8.0 GB' }));
    expect(fake.callsOf('downloads.add')).toMatchObject([{ acceptChanged: true }]);
  });

  it('has no button that cannot help', async () => {
    await openPreview(() => fail('BadRequest', 'This is not a catalog id.'));
    await screen.findByRole('alert');
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Close']);
  });
});

describe('the preview of a repository with several sets of weights', () => {
  const REPO = 'org/name';
  const codes = ['Q8_0', 'Q6_K', 'Q4_K_M', 'Q2_K', 'IQ1_S'];
  const plan = () => {
    const file = { ...onlyFile(), present: false, presentBytes: 0 };
    const weights = codes.map((code, at) => ({
      ...file,
      path: `m-${code}.gguf`,
      hash: code,
      size: (5 - at) * 1e9,
    }));
    const readme = { ...file, path: 'README.md', hash: 'r', size: 1000 };
    return { ...samplePlan(), repo: REPO, model: null, variant: null, files: [...weights, readme] };
  };
  const open = async (more: Answers = {}) => {
    const page = renderPage(<PreviewDialog />, {
      'downloads.plan': () => succeed(plan()),
      'downloads.add': () => succeed({ id: 'd9' }),
      'models.files': () => succeed(sampleChoice(REPO, plan().commit, codes)),
      'models.card': () => succeed(sampleCard(REPO)),
      ...more,
    });
    act(() => page.stores.navigation.getState().openPreview({ reference: REPO }));
    await screen.findByRole('button', { name: /^Download/ });
    return page;
  };

  it('proposes one, says why, and downloads that one with what goes with it', async () => {
    const { fake, user } = await open();
    const proposed = await screen.findByRole('radio', { checked: true });
    expect(proposed.textContent).toMatch(/^7-bitQ6_KRecommended/);
    expect(screen.getByText('The best of those that run here. Leaves out others.')).toBeTruthy();
    await user.click(await screen.findByRole('button', { name: 'Download 4.0 GB' }));
    const [order] = fake.callsOf('downloads.add');
    expect(order?.exclude).toEqual(['/m-Q8_0.gguf', '/m-Q4_K_M.gguf', '/m-Q2_K.gguf', '/m-IQ1_S.gguf']);
  });

  it('lets another one be taken, also one that is not shown at first', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Show All 5 Versions' }));
    await user.click(screen.getByRole('radio', { name: /IQ1_S/ }));
    expect(screen.getByRole('button', { name: 'Download 1.0 GB' })).toBeTruthy();
  });

  it('offers no download of everything while it is not known which to take', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await open({
      'models.files': () => promise.then(() => succeed(sampleChoice(REPO, plan().commit, codes))),
    });
    expect(screen.getByRole('button', { name: 'Download 15.0 GB' }).getAttribute('aria-busy')).toBe('true');
    resolve();
    await screen.findByRole('button', { name: 'Download 4.0 GB' });
  });

  it('waits for no description, and asks nobody about versions where there is only one', async () => {
    const single = () => succeed({ ...plan(), files: plan().files.slice(-2) });
    const { fake } = await open({ 'downloads.plan': single, 'models.card': () => new Promise(() => {}) });
    const button = await screen.findByRole('button', { name: 'Download 1.0 GB' });
    expect(button.getAttribute('aria-busy')).toBeNull();
    expect(fake.callsOf('models.files')).toEqual([]);
  });

  it('shows the description as text, and has nothing that axe finds wrong', async () => {
    await open({
      'models.card': () =>
        succeed(sampleCard(REPO, { readme: '# Hi\n\n<img src=x onerror=alert(1)> **bold**' })),
    });
    expect((await screen.findByRole('heading', { name: 'Hi' })).localName).toBe('h3');
    expect(document.querySelector('img')).toBeNull();
    expect(await violations()).toEqual([]);
  });
});

describe('the preview of a gated model', () => {
  const gated = { ...sampleCard('org/name').model, gated: 'manual' as const };
  const access = (state: AccessCheck['state'], account: string | null = 'ada') =>
    succeed({ state, message: '', account, pageUrl: 'https://huggingface.co/org/name' });

  it('goes from asking for access to the download', async () => {
    let state: AccessCheck['state'] = 'none';
    const opened: string[] = [];
    const page = renderPage(<PreviewDialog />, {
      'downloads.plan': () => succeed(samplePlan()),
      'models.card': () => succeed(sampleCard('org/name', { model: gated })),
      'models.access': () => access(state),
      'shell.open': ({ url }) => {
        opened.push(url);
        return succeed(undefined);
      },
    });
    act(() => page.stores.navigation.getState().openPreview({ reference: 'org/name' }));
    await page.user.click(await screen.findByRole('button', { name: 'Ask for Access' }));
    expect(opened).toEqual(['https://huggingface.co/org/name']);
    expect(screen.queryByRole('button', { name: /^Download/ })).toBeNull();
    state = 'pending';
    await page.user.click(screen.getByRole('button', { name: 'I Have Access' }));
    expect(await screen.findByText(/owners haven’t answered yet.*Signed in as ada/)).toBeTruthy();
    state = 'granted';
    await page.user.click(screen.getByRole('button', { name: 'I Have Access' }));
    expect(await screen.findByRole('button', { name: /^Download/ })).toBeTruthy();
  });

  it('asks for a token first where there is none', async () => {
    const page = renderPage(<PreviewDialog />, {
      'downloads.plan': () => succeed(samplePlan()),
      'models.card': () => succeed(sampleCard('org/name', { model: gated })),
      'models.access': () => access('no-token', null),
    });
    act(() => page.stores.navigation.getState().openPreview({ reference: 'org/name' }));
    await page.user.click(await screen.findByRole('button', { name: 'Enter Token…' }));
    expect(page.stores.navigation.getState()).toMatchObject({
      section: 'settings',
      afterToken: { reference: 'org/name' },
    });
  });
});
