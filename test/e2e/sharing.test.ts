import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SharingStatus } from '../../src/shared/model/sharing.ts';
import { MIB } from '../integration/harness.ts';
import { bytesOf } from '../integration/on-disk.ts';
import { askedRange, type PeerAnswer, peerServer } from '../integration/peer-server.ts';
import { oneFile } from '../integration/repositories.ts';
import { answerWith } from './answer-with.ts';
import { openApp, type TestApp } from './app.ts';
import { violationsOn } from './axe.ts';
import { goTo } from './pane.ts';
import { setTheme, THEMES } from './screens.ts';
import { terminal } from './terminal.ts';

const FOLDER = await mkdtemp(join(tmpdir(), 'haulyard-sharing-'));
const REPOSITORY = oneFile(60 * MIB);

async function picture(app: TestApp, name: string): Promise<void> {
  for (const theme of THEMES) {
    await setTheme(app, theme);
    await app.page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`), animations: 'disabled' });
    expect(await violationsOn(app.page)).toEqual([]);
  }
}

/** Sends a part slowly enough to be watched. */
const paced: PeerAnswer = (request, response, content) => {
  const { start, end } = askedRange(request, content);
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end - 1}/${content.length}`,
    'content-length': end - start,
  });
  let at = start;
  const timer = setInterval(() => {
    const next = Math.min(end, at + 100_000);
    response.write(content.subarray(at, next));
    at = next;
    if (at < end) return;
    clearInterval(timer);
    response.end();
  }, 100);
  response.on('close', () => clearInterval(timer));
};

it('sharing is turned on and off in Settings, and is a real server meanwhile', async () => {
  await using app = await openApp();
  await goTo(app.page, 'Settings');
  const share = app.page.getByRole('switch', { name: 'Share models with this network' });
  const use = app.page.getByRole('switch', { name: 'Use other computers on this network' });
  expect([await share.isChecked(), await use.isChecked()]).toEqual([false, false]);
  await answerWith(app, 'Cancel');
  await share.click();
  await expect.poll(() => app.messages()).toHaveLength(1);
  expect((await status(app)).state).toBe('off');
  await answerWith(app, 'Share Models');
  await share.click();
  await app.page.getByText(/^0 models are shared/).waitFor();
  const { port } = await status(app);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  await share.scrollIntoViewIfNeeded();
  await picture(app, 'settings-sharing');
  await share.click();
  await expect.poll(async () => (await status(app)).state).toBe('off');
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
});

it('a row names the computer that a download comes from', async () => {
  await using app = await openApp({
    hub: { repositories: [REPOSITORY], conditions: { totalBytesPerSecond: 200_000 } },
  });
  await using peer = await peerServer([await bytesOf(REPOSITORY.files![0]!)], paced);
  using _command = terminal(app, 'download', REPOSITORY.id, '--peer', peer.origin, '--json');
  await goTo(app.page, 'Downloads');
  const { host } = new URL(peer.origin);
  await app.page.getByText(new RegExp(`^Downloading · [\\d.]+ of 62\\.9 MB from ${host}$`)).waitFor();
  await picture(app, 'download-from-peer');
});

const status = (app: TestApp): Promise<SharingStatus> => app.call('sharing.status', {});
