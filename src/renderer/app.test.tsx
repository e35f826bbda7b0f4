// @vitest-environment jsdom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { App } from './app.tsx';
import { connect, createStores } from './stores/stores.ts';
import { createFakeBridge, succeed } from './testing/fake-bridge.ts';
import { violations } from './testing/render.tsx';
import { sampleDownload, samplePlan, sampleSnapshot } from './testing/samples.ts';

afterEach(cleanup);

async function openApp() {
  const fake = createFakeBridge({
    snapshot: () => succeed(sampleSnapshot(sampleDownload())),
    'downloads.plan': () => succeed(samplePlan()),
    'downloads.add': () => succeed({ id: 'd2' }),
  });
  localStorage.clear();
  const stores = createStores(fake.bridge);
  connect(stores, document);
  render(<App stores={stores} />);
  const user = userEvent.setup();
  // With an active download the window opens on Downloads.
  await screen.findByRole('heading', { level: 1, name: 'Downloads' });
  await user.click(screen.getByRole('link', { name: 'Discover' }));
  await screen.findByRole('listitem', { name: 'Moshi' });
  return { fake, user };
}

it.each(['Discover', 'Downloads', 'Library', 'Settings'])('axe finds nothing wrong with %s', async (name) => {
  const { user } = await openApp();
  await user.click(screen.getByRole('link', { name }));
  await screen.findByRole('heading', { level: 1, name });
  expect(await violations()).toEqual([]);
});

it('a download can be started with the keyboard alone', async () => {
  const { fake, user } = await openApp();
  await user.keyboard('{Control>}l{/Control}');
  expect(document.activeElement).toBe(
    screen.getByRole('textbox', { name: 'Search models, or paste a link' }),
  );
  await user.keyboard('org/name{Enter}');
  const start = await screen.findByRole('button', { name: 'Download 8.0 GB' });
  await waitFor(() => expect(document.activeElement).toBe(start));
  // The dialog ignores a Return in its first half second.
  await waitFor(async () => {
    await user.keyboard('{Enter}');
    expect(fake.callsOf('downloads.add')).toMatchObject([{ reference: 'org/name' }]);
  });
  expect(await screen.findByRole('heading', { level: 1, name: 'Downloads' })).toBeTruthy();
});
