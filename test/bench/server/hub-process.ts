import type { RequestRecord } from '../../hub/http/request-log.ts';
import { type Hub, startHub } from '../../hub/hub.ts';
import { crowdedRate, type HubRequest, type HubSetup, type Served } from './hub-setup.ts';

/**
 * The local Hub in a separate process, so that it does not share a thread with what is measured. The parent sends a
 * {@link HubSetup} and gets the Hub's URL; each later one is a {@link HubRequest} and is answered with {@link Served}.
 */
const CROWDING_CHECK_MS = 100;

process.once('message', async (message) => {
  const setup = message as HubSetup;
  const hub = await startHub({
    repositories: setup.repositories,
    conditions: setup.conditions,
    seed: setup.seed,
  });
  addRedirects(hub, setup.redirects);
  addCrowding(hub, setup.crowding);
  process.on('message', (next) => {
    const { conditions, since } = next as HubRequest;
    if (conditions !== undefined) hub.conditions.set(conditions);
    process.send?.(servedBy(hub, since));
  });
  process.send?.(hub.url);
});
process.on('disconnect', () => process.exit(0));

/** The response keeps the headers with size and hash; only the content comes from elsewhere. */
function addRedirects(hub: Hub, redirects: HubSetup['redirects']): void {
  for (const [path, location] of Object.entries(redirects)) {
    const where = ({ repo, file, path: asked }: RequestRecord) =>
      asked.includes('/resolve/') && `${repo}/${file}` === path;
    hub.faults.add({
      match: { origin: 'hub', where },
      times: Number.POSITIVE_INFINITY,
      headers: { location },
    });
  }
}

function addCrowding(hub: Hub, crowding: HubSetup['crowding']): void {
  if (crowding === null) return;
  const adapt = () => {
    const running = hub.requests.filter(({ origin, endedAt }) => origin === 'cdn' && endedAt === null).length;
    const totalBytesPerSecond = crowdedRate(crowding, running);
    if (totalBytesPerSecond !== hub.conditions.current.totalBytesPerSecond) {
      hub.conditions.set({ totalBytesPerSecond });
    }
  };
  adapt();
  setInterval(adapt, CROWDING_CHECK_MS);
}

function servedBy({ requests }: Hub, since: number): Served {
  const content = requests.filter(
    ({ origin, path, method }) => method === 'GET' && (origin === 'cdn' || path.includes('/resolve-cache/')),
  );
  return {
    contentBytes: content.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    requests: requests.length,
    running: content.filter(({ endedAt }) => endedAt === null).length,
    firstContentAt: content.find(({ time }) => time >= since)?.time ?? null,
  };
}
