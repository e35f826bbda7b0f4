import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SourceBytes } from '../../../src/shared/model/transport.ts';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { HAULYARD_CLI, haulyardArgv } from '../contestants/haulyard.ts';
import { requireDone, runHaulyard } from '../measure/run-haulyard.ts';
import { showRatio, showSeconds, showShare, showSize } from '../results/show.ts';
import { makeFile } from '../server/make-file.ts';
import { type HubSite, openHubSite } from '../server/site.ts';

const REPO = 'bench/peers';
const PATH = 'model.safetensors';
const HUB_BYTES_PER_SECOND = 20_000_000;
const LIMIT_SECONDS = 600;

/** One download in a folder of its own. */
interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly sources: readonly SourceBytes[];
}

/** A file that another computer has, from a Hub over a line of 20 MB/s: from the peer alone, from both, from the Hub alone. */
export const PEERS: Group = {
  name: 'peers',
  // The file, the copy of the peer, and the copy of whoever is running.
  neededBytes: (bench) => 3 * sizeOf(bench),
  run,
};

const sizeOf = ({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): number =>
  sizeBytes ?? (quick ? 2 ** 28 : 2 * 2 ** 30);

async function run(bench: Bench): Promise<GroupResult> {
  const home = join(bench.folder, 'peers');
  await mkdir(home, { recursive: true });
  try {
    const file = await makeFile(join(home, 'source'), sizeOf(bench), 'peers');
    await using site = await openHubSite([{ id: REPO, files: { [PATH]: file } }], {});
    bench.log('peers: the first computer downloads');
    await measure('first', site.hubUrl, [], home, false);
    await using peer = await startPeer(join(home, 'first'));
    await site.setLine({ totalBytesPerSecond: HUB_BYTES_PER_SECOND });
    const rounds: Measured[][] = [];
    for (let round = 0; round < (bench.rounds ?? (bench.quick ? 1 : 3)); round += 1) {
      bench.log(`peers: round ${round + 1}`);
      rounds.push(await oneRound(site, peer.url, home));
    }
    return resultOf(rounds, file.size);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function oneRound(site: HubSite, peer: string, home: string): Promise<Measured[]> {
  return [
    await measure('the peer alone', peer, [], home),
    await measure('the Hub and the peer', site.hubUrl, ['--peer', peer], home),
  ];
}

async function measure(
  name: string,
  hubUrl: string,
  options: readonly string[],
  home: string,
  isRemoved = true,
): Promise<Measured> {
  const folder = join(home, name.replaceAll(' ', '-'));
  const argv = haulyardArgv({ hubUrl, repo: REPO, folder, pieceBytes: null }, options);
  const run = await runHaulyard({ argv, folder: home, limitSeconds: LIMIT_SECONDS });
  const { sources = [] } = requireDone(run);
  if (isRemoved) await rm(folder, { recursive: true, force: true });
  return { name, seconds: run.seconds, sources };
}

/** Serves what a folder has. */
async function startPeer(folder: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const places = ['--data-dir', join(folder, 'data'), '--cache-dir', join(folder, 'hub')];
  const child = spawn(process.execPath, [HAULYARD_CLI, 'serve', '--port', '0', '--json', ...places], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, 'line')) as [string];
  const [url = ''] = (JSON.parse(first) as { readonly urls: readonly string[] }).urls;
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

function resultOf(rounds: readonly (readonly Measured[])[], bytes: number): GroupResult {
  const rows = rounds.flatMap((round) => {
    const [alone] = round;
    return round.map(({ name, seconds, sources }) => {
      const fromHub = sources
        .filter(({ kind }) => kind !== 'peer')
        .reduce((sum, each) => sum + each.bytes, 0);
      const isPeer = name === alone?.name;
      return [
        name,
        showSeconds(seconds),
        showRatio(alone ? seconds / alone.seconds : null),
        isPeer ? '' : showShare(fromHub, bytes),
      ];
    });
  });
  return {
    tables: [
      {
        title: `Peers: ${showSize(bytes)}, one peer on loopback, the Hub over 20 MB/s`,
        columns: ['', 's to verified', 'ratio', 'from the Hub'],
        rows,
      },
    ],
    notes: [
      'The ratio is the time against that from the peer alone (the peer is the endpoint) in the same round.',
    ],
    data: { bytes, rounds },
  };
}
