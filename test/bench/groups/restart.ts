import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { haulyardArgv } from '../contestants/haulyard.ts';
import { settle } from '../measure/measure-contestant.ts';
import { type HaulyardRun, requireDone, runHaulyard } from '../measure/run-haulyard.ts';
import { rescuedBytes, transferRate } from '../measure/transfer-rate.ts';
import { showMegabytes, showSeconds, showShare, showSize } from '../results/show.ts';
import { makeSparseFile, type SourceFile } from '../server/make-file.ts';
import { type HubSite, openHubSite } from '../server/site.ts';
import { opensslSeconds } from './openssl-seconds.ts';

const LIMIT_SECONDS = 600;
const REPO = 'bench/restart';
/** The download is stopped at these shares: once to be taken up on a limited line, once to be finished on a free one. */
const STOPS = [0.9, 0.95] as const;
/** The limited line takes so long for what lies between them, unless that is faster than {@link MAX_LINE}. */
const LIMITED_SECONDS = 4;
const MAX_LINE_BYTES_PER_SECOND = 100e6;

/** The shortest time for filling up, and the share at its end that comes on the limited line. */
const FILL_SECONDS = 4;
const SLOW_SHARE = 0.03;
/** Exit code of the command line when it was interrupted. */
const INTERRUPTED = 130;

/** What a restart costs when nearly everything is on disk already. */
export const RESTART: Group = {
  name: 'restart',
  neededBytes: (bench) => Math.max(...sizesOf(bench)),
  run,
};

function sizesOf({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): readonly number[] {
  if (quick) return [512 * 2 ** 20];
  return sizeBytes === null ? [2 * 2 ** 30, 15 * 2 ** 30] : [sizeBytes];
}

/** What was measured for one size. */
interface RestartCost {
  readonly bytes: number;
  readonly rescuedBytes: number;
  readonly firstRequestSeconds: number | null;
  /** Rate of the transfer while rescued chunks were checked, and what the line would have carried. */
  readonly bytesPerSecond: number | null;
  readonly lineBytesPerSecond: number;
  /** On a free line: from the start until the whole file was verified. */
  readonly verifiedSeconds: number;
  /** The time that `openssl` takes to hash the file. */
  readonly opensslSeconds: number | null;
}

async function run(bench: Bench): Promise<GroupResult> {
  const costs: RestartCost[] = [];
  for (const bytes of sizesOf(bench)) costs.push(await costOf(bytes, bench));
  return {
    tables: [
      {
        title: 'Restart with 90 % on disk',
        columns: [
          'file',
          'rescued MB',
          's to first request',
          'transfer MB/s while checking',
          'of the line',
          's to verified, free line',
          's of openssl for the file',
        ],
        rows: costs.map((cost) => [
          showSize(cost.bytes),
          showMegabytes(cost.rescuedBytes),
          showSeconds(cost.firstRequestSeconds),
          showMegabytes(cost.bytesPerSecond),
          showShare(cost.bytesPerSecond, cost.lineBytesPerSecond),
          showSeconds(cost.verifiedSeconds),
          showSeconds(cost.opensslSeconds),
        ]),
      },
    ],
    notes: [
      'From the start of the process to the first request for new bytes, as the server saw it.',
      'To verified: a second restart, with 95 % on disk, re-reads and hashes all of it and fetches the rest meanwhile.',
    ],
    data: costs,
  };
}

async function costOf(bytes: number, { folder, log }: Bench): Promise<RestartCost> {
  const source = await makeSparseFile(join(folder, 'restart-source'), bytes);
  const files = await mkdtemp(join(folder, 'restart-'));
  try {
    await using site = await openHubSite([{ id: REPO, files: { 'weights.bin': source } }], {});
    return await restart(source, site, files, log);
  } finally {
    await rm(files, { recursive: true, force: true });
    await rm(source.file, { force: true });
  }
}

async function restart(
  source: SourceFile,
  site: HubSite,
  folder: string,
  log: Bench['log'],
): Promise<RestartCost> {
  const target = { hubUrl: site.hubUrl, repo: REPO, folder, pieceBytes: null };
  const download = (stopWhen: (share: number) => boolean): Promise<HaulyardRun> =>
    runHaulyard({
      argv: haulyardArgv(target, ['--profile', 'fast']),
      folder,
      limitSeconds: LIMIT_SECONDS,
      stopWhen: ({ receivedBytes }) => stopWhen(receivedBytes / source.size),
    });
  const between = (STOPS[1] - STOPS[0]) * source.size;
  const lineBytesPerSecond = Math.min(MAX_LINE_BYTES_PER_SECOND, Math.round(between / LIMITED_SECONDS));
  const limitLine = () => site.setLine({ totalBytesPerSecond: lineBytesPerSecond });
  log(`restart: ${showSize(source.size)}, filling up to 90 %`);
  // Slowly at the end, so that it stops at the right point.
  await site.setLine({ totalBytesPerSecond: Math.round(source.size / FILL_SECONDS) });
  const fill = await download((share) => {
    if (share >= STOPS[0] - SLOW_SHARE) void limitLine();
    return share >= STOPS[0];
  });
  requireStopped(fill);
  await settle();
  log('restart: on a limited line');
  await limitLine();
  const limited = await download((share) => share >= STOPS[1]);
  requireStopped(limited);
  const firstAt = await site.firstContentAt(limited.startedAt);
  const rescued = rescuedBytes(limited.events);
  await settle();
  await site.setLine({ totalBytesPerSecond: null });
  log('restart: on a free line');
  const free = await download(() => false);
  requireDone(free);
  return {
    bytes: source.size,
    rescuedBytes: rescued,
    firstRequestSeconds: firstAt === null ? null : (firstAt - limited.startedAt) / 1000,
    bytesPerSecond: transferRate(limited.events, rescued)?.bytesPerSecond ?? null,
    lineBytesPerSecond,
    verifiedSeconds: free.seconds,
    opensslSeconds: await opensslSeconds(source.file, folder),
  };
}

function requireStopped({ code, errors }: HaulyardRun): void {
  if (code !== INTERRUPTED)
    throw new Error(`haulyard was to be interrupted, but ended with ${code}: ${errors}`);
}
