import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandInput, DownloadPlan } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { EXIT } from '../exit-codes.ts';
import type { DownloadOptions } from '../invocation.ts';
import { planJson, printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { type Session, withEngine } from '../session.ts';
import { withQuantization } from './choose-quantization.ts';
import { runDetached } from './detach.ts';
import { followDownloads } from './follow-downloads.ts';
import { runQuantize } from './quantize.ts';

/** `download`: downloads a model and waits for it, or shows the plan with `--dry-run`. */
export async function runDownload(session: Session, options: DownloadOptions): Promise<number> {
  const args = addArguments(options);
  if (options.make !== undefined && options.localDir !== undefined) {
    throw new AppError(
      'BadRequest',
      '--make needs the model in the cache, so it can’t be combined with --local-dir.',
    );
  }
  if (options.detach === true) refuseForDetached(options);
  await checkPartials(Object.values(args.from));
  if (options.dryRun) return showPlan(session, options, args);
  if (options.detach === true) return runDetached(session, options, args);
  const code = await followDownloads(session, options, async (engine) => {
    const { id } = await engine.call('downloads.add', await withQuantization(session, engine, options, args));
    return [id];
  });
  const { make, reference, revision, wait } = options;
  if (make === undefined || code !== EXIT.done) return code;
  const how = { rule: 'metal', force: false, dryRun: false } as const;
  return runQuantize(session, {
    reference,
    variant: make,
    ...how,
    ...(revision === undefined ? {} : { revision }),
    ...(wait === undefined ? {} : { wait }),
  });
}

type AddArguments = CommandInput<'downloads.add'> & { readonly from: Readonly<Record<string, string>> };

/** The contract's arguments; partial files by their absolute paths. */
export function addArguments(options: DownloadOptions): AddArguments {
  const { reference, variant, revision, profile, workers, chunkSizeBytes, acceptChanged } = options;
  const from = Object.entries(options.from).map(([file, partial]) => [file, resolve(partial)] as const);
  return {
    reference,
    variant,
    ...(options.files === undefined ? {} : { files: [...options.files] }),
    include: [...options.include],
    exclude: [...options.exclude],
    from: Object.fromEntries(from),
    acceptChanged,
    ...(revision === undefined ? {} : { revision }),
    ...(options.make === undefined ? {} : { make: options.make }),
    ...(options.localDir === undefined ? {} : { localDir: resolve(options.localDir) }),
    ...(profile === undefined ? {} : { profile }),
    ...(workers === undefined ? {} : { workers }),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
    ...(options.peers === undefined ? {} : { peers: options.peers }),
    ...(options.namedPeers === undefined ? {} : { namedPeers: [...options.namedPeers] }),
    ...(chunkSizeBytes === undefined ? {} : { chunkSizeBytes }),
  };
}

/** Options that apply while a command waits mean nothing for one that does not. */
function refuseForDetached({ limitBytesPerSecond, dryRun }: DownloadOptions): void {
  if (dryRun)
    throw new AppError('BadRequest', '--detach and --dry-run exclude each other: nothing would run.');
  if (limitBytesPerSecond !== undefined) {
    throw new AppError(
      'BadRequest',
      '--limit is for a command that waits for its download. With --detach, set it for all of them: haulyard limit 5MB/s',
    );
  }
}

/** A partial file that does not exist is a typo, better reported before anything starts. */
async function checkPartials(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile() !== true) {
      throw new AppError('BadRequest', `--from names ${path}, and there is no such file.`);
    }
  }
}

function showPlan(session: Session, options: DownloadOptions, args: AddArguments): Promise<number> {
  const use = { access: 'reader', tokenStdin: options.tokenStdin } as const;
  return withEngine(session, use, async (engine) => {
    const plan = await engine.call('downloads.plan', await withQuantization(session, engine, options, args));
    if (session.global.json) printJson(session.io.stdout, planJson(plan));
    else for (const line of planLines(plan)) printLine(session, line);
    return EXIT.done;
  });
}

/** The plan for people: what, which files, how much, and whether there is enough space. */
export function planLines(plan: DownloadPlan): readonly string[] {
  const columns = [
    { title: 'FILE' },
    { title: 'SIZE', align: 'right' },
    { title: 'CHUNKS', align: 'right' },
    { title: '' },
  ] as const;
  const rows = plan.files.map((file) => [
    file.path,
    formatBytes(file.size),
    String(file.chunks),
    file.present ? 'already here' : file.presentBytes > 0 ? `${formatBytes(file.presentBytes)} here` : '',
  ]);
  const { freeBytes } = plan;
  const lackingBytes =
    plan.neededBytes > 0 && freeBytes !== null ? plan.neededBytes + plan.reserveBytes - freeBytes : 0;
  const free =
    freeBytes === null ? 'the disk does not say how much is free' : `${formatBytes(freeBytes)} free`;
  const room = `${formatBytes(plan.neededBytes)} to download, ${free}`;
  const lack = lackingBytes > 0 ? ` — not enough: free up ${formatBytes(lackingBytes)}` : '';
  return [
    `${plan.repo} at ${plan.commit.slice(0, 8)} (${plan.revision})`,
    ...tableLines(columns, rows),
    `${formatBytes(plan.totalBytes)} in all, ${formatBytes(plan.presentBytes)} already here`,
    `${room}${lack}`,
  ];
}
