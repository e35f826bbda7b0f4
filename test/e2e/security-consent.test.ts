import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { answerWith } from './answer-with.ts';
import { openApp, type TestApp } from './app.ts';
import { REPOSITORIES } from './fixtures.ts';

const TOKEN = 'hf_local_granted';

const endpointOf = async (app: TestApp) => (await app.call('app.info', {})).endpoint;

/** Another Hub, whose address the app has never heard of. */
async function otherHub(): Promise<Hub & AsyncDisposable> {
  const hub = await startHub({ repositories: REPOSITORIES, tokens: LOCAL_TOKENS });
  return Object.assign(hub, { [Symbol.asyncDispose]: () => hub.close() });
}

describe('the address of the Hub', () => {
  it('is changed by the page only after the user agreed in a system dialog', async () => {
    await using app = await openApp();
    await using other = await otherHub();
    await answerWith(app, 'Cancel');
    await expect(app.call('preferences.set', { endpoint: other.url })).rejects.toThrow(/Cancelled/);
    expect(await endpointOf(app)).toBe(app.hub.url);
    expect(other.requests).toEqual([]);
    expect(await app.messages()).toEqual([expect.stringContaining(new URL(other.url).host)]);

    await answerWith(app, 'Use This Address');
    await app.call('preferences.set', { endpoint: other.url });
    expect(await endpointOf(app)).toBe(other.url);
    // The answer is that of the new engine: the restart is nobody's concern.
    await expect(app.call('endpoint.test', { endpoint: other.url })).resolves.toMatchObject({ ok: true });
  });

  it('is not in force when it fails its test, unless the user insists', async () => {
    await using app = await openApp();
    const nobody = 'http://127.0.0.1:9';
    await answerWith(app, 'Use This Address', 'Keep Current Address');
    await expect(app.call('preferences.set', { endpoint: nobody })).rejects.toThrow(/Cancelled/);
    expect(await endpointOf(app)).toBe(app.hub.url);
    expect(await app.messages()).toHaveLength(2);

    await answerWith(app, 'Use This Address', 'Use Anyway');
    await app.call('preferences.set', { endpoint: nobody });
    expect(await endpointOf(app)).toBe(nobody);
  });

  it('is not tested on behalf of the page without a question: that would ask any server anything', async () => {
    await using app = await openApp();
    await using other = await otherHub();
    await answerWith(app, 'Cancel');
    await expect(app.call('endpoint.test', { endpoint: other.url })).rejects.toThrow(/Cancelled/);
    expect(other.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is set by the page only after the user agreed in a system dialog', async () => {
    await using app = await openApp();
    await answerWith(app, 'Cancel');
    const proxy = 'http://127.0.0.1:3128';
    await expect(app.call('preferences.set', { proxy })).rejects.toThrow(/Cancelled/);
    expect(await app.call('preferences.get', {})).toMatchObject({ proxy: null });
    await answerWith(app, 'Use Proxy');
    await app.call('preferences.set', { proxy });
    expect(await app.call('preferences.get', {})).toMatchObject({ proxy });
  });
});

describe('a token', () => {
  it('goes to the Hub it was saved for, and stays there when the address changes', async () => {
    await using app = await openApp();
    await using other = await otherHub();
    expect(await app.call('token.save', { token: TOKEN })).toMatchObject({ origin: app.hub.url });
    await answerWith(app, 'Use This Address');
    await app.call('preferences.set', { endpoint: other.url });
    expect(await app.messages()).toEqual([
      expect.stringContaining(`belongs to ${new URL(app.hub.url).host} and isn’t sent to`),
    ]);
    await app.call('downloads.plan', { reference: 'mlx-community/parakeet-tdt-0.6b-v3' });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expect(await app.call('token.status', {})).toMatchObject({ present: true, withheld: 'other-origin' });
  });

  it('of the environment is for the Hub of the environment', async () => {
    await using app = await openApp({ env: { HF_TOKEN: TOKEN } });
    await using other = await otherHub();
    await app.call('downloads.plan', { reference: 'mlx-community/parakeet-tdt-0.6b-v3' });
    expect(app.hub.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(true);
    await answerWith(app, 'Use This Address');
    await app.call('preferences.set', { endpoint: other.url });
    await app.call('downloads.plan', { reference: 'mlx-community/parakeet-tdt-0.6b-v3' });
    expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it('is checked with the Hub before it is saved, and shown by the name of its account', async () => {
    await using app = await openApp();
    await expect(app.call('token.save', { token: 'hf_wrong' })).rejects.toThrow(
      /AuthRequired .*rejected your token/,
    );
    expect(await app.call('token.status', {})).toMatchObject({ present: false });
    const account = LOCAL_TOKENS[TOKEN]?.name ?? 'reader';
    expect(await app.call('token.save', { token: TOKEN })).toMatchObject({ present: true, account });
  });

  it('is not asked about by the page itself', async () => {
    await using app = await openApp();
    const ask = app.call as (name: string, args: unknown) => Promise<unknown>;
    await expect(ask('token.check', { token: TOKEN })).rejects.toThrow(/BadRequest/);
  });
});

describe('files and folders', () => {
  it('that nobody chose are not read, written to or revealed', async () => {
    await using app = await openApp();
    const reference = 'mlx-community/parakeet-tdt-0.6b-v3';
    await expect(app.call('preferences.set', { cacheDir: app.root })).rejects.toThrow(/BadRequest/);
    await expect(
      app.call('downloads.add', { reference, from: { 'model.safetensors': '/etc/passwd' } }),
    ).rejects.toThrow(/BadRequest/);
    const absent = app.call('downloads.adopt', { id: 'x', partial: '/no/such/file' });
    const present = app.call('downloads.adopt', { id: 'x', partial: '/etc/passwd' });
    const said = await Promise.all([absent, present].map((call) => call.catch(String)));
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toMatch(/BadRequest/);
  });

  it('made up by the page are not taken for dropped ones', async () => {
    await using app = await openApp();
    const paths = await app.page.evaluate(() => {
      const { haulyard } = globalThis as unknown as { haulyard: { pathOf(file: unknown): string } };
      const fakes = [{ path: '/etc/passwd' }, new File(['x'], '/etc/passwd'), '/etc/passwd', null];
      return fakes.map((fake) => haulyard.pathOf(fake));
    });
    expect(paths).toEqual(['', '', '', '']);
    await expect(app.call('downloads.adopt', { id: 'x', partial: '/etc/passwd' })).rejects.toThrow(
      /BadRequest/,
    );
  });

  it('are used when they were chosen in a dialog', async () => {
    await using app = await openApp();
    const folder = join(app.root, 'chosen');
    await mkdir(folder);
    await app.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, folder);
    const { path } = await app.call('dialog.chooseFolder', {});
    await app.call('preferences.set', { cacheDir: path });
    expect(await app.call('app.info', {})).toMatchObject({ cacheDir: folder });
  });
});
