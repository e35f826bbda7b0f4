// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { SharingStatus } from '../../../shared/model/sharing.ts';
import { type Answers, createFakeBridge, fail, failure, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleDownload, samplePreferences, sampleSettings, sampleSnapshot } from '../../testing/samples.ts';
import { isWebAddress } from './address-field.tsx';
import { SettingsPane } from './settings-pane.tsx';

afterEach(cleanup);

async function openSettings(answers: Answers = {}) {
  const page = renderPage(<SettingsPane />, answers);
  await screen.findByRole('switch', { name: 'Notifications' });
  await screen.findByRole('combobox', { name: 'Connection' });
  await screen.findByText('No token is saved.');
  return page;
}
const limited =
  (limitBytesPerSecond: number): NonNullable<Answers['snapshot']> =>
  () =>
    succeed({ ...sampleSnapshot(), settings: { ...sampleSettings, limitBytesPerSecond } });

describe('a setting', () => {
  it('is saved as soon as it is changed, and says so', async () => {
    const { fake, user } = await openSettings();
    await user.click(screen.getByRole('switch', { name: 'Notifications' }));
    expect(fake.callsOf('preferences.set')).toEqual([{ notifications: false }]);
    expect(await screen.findByText('Saved')).toBeTruthy();
    expect(screen.getByRole('switch', { name: 'Notifications' })).toHaveProperty('ariaChecked', 'false');
  });

  it('says in a notice why it was not saved, and shows what holds', async () => {
    const { fake, stores, user } = await openSettings();
    fake.answer('preferences.set', () => fail('DiskFull', 'There is no room for the settings.'));
    await user.click(screen.getByRole('switch', { name: 'Notifications' }));
    await waitFor(() => expect(stores.toasts.getState().toasts).toHaveLength(1));
    expect(screen.getByRole('switch', { name: 'Notifications' })).toHaveProperty('ariaChecked', 'true');
    expect(screen.queryByText('Saved')).toBeNull();
  });

  it('of the engine is saved there', async () => {
    const { fake, user } = await openSettings();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Connection' }), 'Slow connection');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Downloads at once' }), '4');
    expect(fake.callsOf('settings.set')).toEqual([{ profile: 'weak' }, { atOnce: 4 }]);
  });

  it('cannot be turned on where the system has no such thing', async () => {
    const info = await createFakeBridge().bridge.call('app.info', {});
    if (!info.ok) throw new Error(info.error.message);
    await openSettings({ 'app.info': () => succeed({ ...info.value, canStartAtLogin: false }) });
    expect(screen.getByText('This system can’t open apps at login.')).toBeTruthy();
    const login = screen.getByRole('switch', { name: 'Start at login' });
    expect(login.getAttribute('aria-disabled')).toBe('true');
  });
});

describe('sharing', () => {
  const sharing = (status: SharingStatus): Answers => ({
    snapshot: () => succeed({ ...sampleSnapshot(), settings: { ...sampleSettings, sharing: true } }),
    'sharing.status': () => succeed(status),
  });
  const ON = {
    state: 'on',
    port: 8900,
    urls: ['http://192.168.1.20:8900'],
    models: 3,
    problem: null,
  } as const;

  it('is off until it is turned on, in both directions', async () => {
    const { fake, user } = await openSettings();
    expect(
      screen.getByText('Haulyard 0.1.0 (arm64). Connects only to Hugging Face (or your mirror).'),
    ).toBeTruthy();
    await user.click(screen.getByRole('switch', { name: 'Share models with this network' }));
    await user.click(screen.getByRole('switch', { name: 'Use other computers on this network' }));
    expect(fake.callsOf('settings.set')).toEqual([{ sharing: true }, { usePeers: true }]);
    expect(fake.callsOf('sharing.status')).toEqual([]);
  });

  it('tells what is shared, and where', async () => {
    await openSettings(sharing(ON));
    expect(await screen.findByText('3 models are shared at http://192.168.1.20:8900.')).toBeTruthy();
    expect(screen.getByText(/and to computers on your network\.$/)).toBeTruthy();
  });

  it('tells why nothing can be shared', async () => {
    const problem = 'Can’t listen on port 8900: this user may not.';
    await openSettings(sharing({ state: 'failed', port: null, urls: [], models: 0, problem }));
    expect(await screen.findByText(problem)).toBeTruthy();
  });

  it('has no flaw that axe knows', async () => {
    await openSettings(sharing(ON));
    await screen.findByText(/are shared at/);
    expect(await violations()).toEqual([]);
  });
});

describe('the folder for models made here', () => {
  it('is chosen in a dialog, and can be the default again', async () => {
    let buildRoot: string | null = null;
    const { fake, user } = await openSettings({
      snapshot: () => succeed({ ...sampleSnapshot(), settings: { ...sampleSettings, buildRoot } }),
      'dialog.chooseFolder': () => succeed({ path: '/models' }),
      'settings.set': (change) => {
        buildRoot = change.buildRoot ?? null;
        return succeed({ ...sampleSettings, buildRoot });
      },
    });
    expect(screen.getByText('The folder “haulyard” next to the cache folder')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Choose… (models made here)' }));
    expect(await screen.findByText('/models')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Use Default (models made here)' }));
    expect(await screen.findByText('The folder “haulyard” next to the cache folder')).toBeTruthy();
    expect(fake.callsOf('settings.set')).toEqual([{ buildRoot: '/models' }, { buildRoot: null }]);
  });
});

describe('the speed limit', () => {
  it('is turned on with a number that can be changed', async () => {
    const { fake, user } = await openSettings();
    await user.click(screen.getByRole('switch', { name: 'Limit download speed' }));
    expect(fake.callsOf('settings.set')).toEqual([{ limitBytesPerSecond: 5_000_000 }]);
  });

  it('is saved when the field is left', async () => {
    const { fake, user } = await openSettings({ snapshot: limited(5_000_000) });
    const field = screen.getByRole('textbox', { name: 'Maximum speed' });
    await user.clear(field);
    await user.type(field, '2,5');
    await user.tab();
    expect(fake.callsOf('settings.set')).toEqual([{ limitBytesPerSecond: 2_500_000 }]);
  });

  it('says what to write when it is no number', async () => {
    const { fake, user } = await openSettings({ snapshot: limited(5_000_000) });
    const field = screen.getByRole('textbox', { name: 'Maximum speed' });
    await user.clear(field);
    await user.type(field, 'fast{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/^Enter a number above 0/);
    expect(fake.callsOf('settings.set')).toEqual([]);
  });

  it('is turned off', async () => {
    const { fake, user } = await openSettings({ snapshot: limited(5_000_000) });
    await user.click(screen.getByRole('switch', { name: 'Limit download speed' }));
    expect(fake.callsOf('settings.set')).toEqual([{ limitBytesPerSecond: null }]);
  });
});

it('knows addresses without URL.canParse, which the oldest Chrome of the app lacks', () => {
  const { canParse } = URL;
  Reflect.deleteProperty(URL, 'canParse');
  try {
    expect(isWebAddress('https://hf.test')).toBe(true);
    expect(isWebAddress('https://[')).toBe(false);
  } finally {
    URL.canParse = canParse;
  }
});

describe('the token', () => {
  it.each([
    [
      { kept: 'keychain', account: 'ada' },
      /^A token is saved in the system keychain\. Its account is ada\.$/,
    ],
    [
      { kept: 'memory', origin: 'https://hf.test', withheld: 'other-origin' },
      /belongs to https:\/\/hf\.test and isn’t sent to the Hugging Face address below\.$/,
    ],
    [{ kept: 'memory', withheld: 'plain-http' }, /isn’t encrypted\.$/],
  ] as const)('is told with its account, and why it is not sent (%j)', async (status, words) => {
    const { user } = await openSettings({ 'token.save': () => succeed({ present: true, ...status }) });
    await user.type(screen.getByLabelText('New token'), 'hf_secret{Enter}');
    const shown = await screen.findByText(/^A token is/);
    expect(shown.textContent).toMatch(words);
  });

  it('is saved, and is gone from the field', async () => {
    const { fake, user } = await openSettings({
      'token.save': () => succeed({ present: true, kept: 'keychain' }),
    });
    await user.type(screen.getByLabelText('New token'), 'hf_secret');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(fake.callsOf('token.save')).toEqual([{ token: 'hf_secret' }]);
    expect(await screen.findByText('A token is saved in the system keychain.')).toBeTruthy();
    expect(document.body.innerHTML).not.toContain('hf_secret');
    expect(screen.getByLabelText('New token')).toHaveProperty('value', '');
  });

  it('lets downloads go on that were refused for want of one', async () => {
    const error = failure('Gated', 'It is gated.');
    const refused = sampleDownload({ id: 'g', state: 'failed', error });
    const { fake, user, stores } = await openSettings({
      snapshot: () => succeed(sampleSnapshot(refused, sampleDownload({ id: 'p', state: 'paused' }))),
      'token.save': () => succeed({ present: true, kept: 'keychain' }),
      'downloads.resume': () => succeed(undefined),
    });
    await user.type(screen.getByLabelText('New token'), 'hf_secret{Enter}');
    await waitFor(() => expect(fake.callsOf('downloads.resume')).toEqual([{ id: 'g' }]));
    await waitFor(() => expect(stores.toasts.getState().toasts[0]?.text).toMatch(/is continuing/));
  });

  it('brings back to what was to be looked at', async () => {
    const { user, stores } = await openSettings({
      'token.save': () => succeed({ present: true, kept: 'keychain' }),
    });
    act(() => stores.navigation.getState().enterToken({ reference: 'org/gated' }));
    expect(document.activeElement).toBe(screen.getByLabelText('New token'));
    await user.keyboard('hf_secret{Enter}');
    await waitFor(() => expect(stores.toasts.getState().toasts[0]?.action?.label).toBe('Back to org/gated'));
  });

  it('must be one', async () => {
    const { fake, user } = await openSettings();
    await user.type(screen.getByLabelText('New token'), 'two words{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/^Paste a token/);
    expect(fake.callsOf('token.save')).toEqual([]);
  });
});

describe('the address of the Hub', () => {
  it('is tested without being saved', async () => {
    const message = 'mirror.example is a Hub. It answered in 84 ms.';
    const { fake, user } = await openSettings({
      'endpoint.test': () => succeed({ ok: true, message, milliseconds: 84 }),
    });
    await user.click(screen.getByRole('button', { name: 'Test' }));
    expect(await screen.findByText(message)).toBeTruthy();
    expect(fake.callsOf('endpoint.test')).toEqual([{ endpoint: 'https://huggingface.co' }]);
    expect(fake.callsOf('preferences.set')).toEqual([]);
  });

  it('is saved with Return', async () => {
    const { fake, user } = await openSettings();
    await user.type(
      screen.getByRole('textbox', { name: 'Hugging Face address' }),
      'https://mirror.example{Enter}',
    );
    expect(fake.callsOf('preferences.set')).toEqual([{ endpoint: 'https://mirror.example' }]);
  });

  it('is not saved when it is none', async () => {
    const { fake, user } = await openSettings();
    await user.type(screen.getByRole('textbox', { name: 'Hugging Face address' }), 'mirror{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/^Enter an address/);
    expect(fake.callsOf('preferences.set')).toEqual([]);
  });
});

describe('the cache folder', () => {
  it('is chosen in a dialog', async () => {
    const { fake, user } = await openSettings({
      'dialog.chooseFolder': () => succeed({ path: '/Volumes/Big/hub' }),
    });
    await user.click(screen.getByRole('button', { name: 'Choose…' }));
    expect(fake.callsOf('preferences.set')).toEqual([{ cacheDir: '/Volumes/Big/hub' }]);
  });

  it('stays when the dialog is closed', async () => {
    const { fake, user } = await openSettings({ 'dialog.chooseFolder': () => succeed({ path: null }) });
    await user.click(screen.getByRole('button', { name: 'Choose…' }));
    expect(fake.callsOf('preferences.set')).toEqual([]);
  });

  it('goes back to the default', async () => {
    const { fake, user } = await openSettings({
      'preferences.get': () => succeed({ ...samplePreferences, cacheDir: '/Volumes/Big/hub' }),
    });
    await user.click(await screen.findByRole('button', { name: 'Use Default' }));
    expect(fake.callsOf('preferences.set')).toEqual([{ cacheDir: null }]);
  });
});

it('Settings has nothing that axe finds wrong', async () => {
  await openSettings({ snapshot: limited(5_000_000) });
  expect(await violations()).toEqual([]);
});
