import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerWith, cutBeforeHeaders } from '../hub/faults/constructors.ts';
import { canMount, mountVolume } from '../integration/volume.ts';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, says } from './pane.ts';

const PARAKEET = /^Parakeet/;
const SLOW = { hub: { conditions: { totalBytesPerSecond: 2_000_000 } } } as const;
const FOREVER = { match: {}, times: Number.POSITIVE_INFINITY } as const;

async function receiving(app: TestApp): Promise<void> {
  await app.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 500_000);
}

describe('trouble', () => {
  it('with the network is shown with what is saved and what happens next, and disappears by itself', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await receiving(app);
    const outage = app.hub.faults.add({ ...FOREVER, ...cutBeforeHeaders() });
    app.hub.conditions.set({ drops: { everySeconds: 0.2, probability: 1 } });
    await says(download, /Connection lost\. [\d.]+ [KM]B is saved\. Trying again/);
    await download.getByRole('button', { name: 'Try Now' }).waitFor();
    outage.remove();
    app.hub.conditions.set({ drops: null, totalBytesPerSecond: null });
    await says(download, /^Ready/, 45_000);
    expect(app.hub.violations).toEqual([]);
  });

  it('of a network that falls silent is shown within seconds, with speed 0 and no remaining time', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await receiving(app);
    app.hub.conditions.set({ totalBytesPerSecond: 0.01 });
    await says(download, /No data for \d+ s · reconnect/, 15_000);
    await says(download, /^0 [kM]?B\/s/);
    await says(download, /^—/);
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await says(download, /^Ready/, 30_000);
  });

  it('of the server is reported as the server’s', async () => {
    await using app = await openApp(SLOW);
    // Long enough not to continue before the button is pressed.
    const busy = app.hub.faults.add({ ...FOREVER, ...answerWith(503, '', { 'retry-after': '280' }) });
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await says(download, /The server is having problems\..* Trying again/);
    busy.remove();
    await download.getByRole('button', { name: 'Try Now' }).click();
    await says(download, /^Ready/);
  });

  it.skipIf(!canMount())(
    'with a full disk is shown with the needed space, and disappears when there is enough',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'haulyard-full-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      using volume = mountVolume(join(folder, 'volume'), 40_000_000);
      await using app = await openApp({ ...SLOW, env: { HF_HUB_CACHE: join(volume.path, 'hub') } });
      const download = await downloadFromCatalog(app.page, PARAKEET);
      await receiving(app);
      await volume.fill();
      await says(
        download,
        /Not enough space: [\d.]+ [kMG]B still to download\..*resumes when there is enough space/,
      );
      await volume.free();
      app.hub.conditions.set({ totalBytesPerSecond: null });
      await says(download, /^Ready/, 45_000);
    },
  );
});
