import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError, ErrorCode } from '../../../src/shared/contract/errors.ts';
import type { DownloadView } from '../../../src/shared/model/download.ts';
import type { RepositoryDeclaration } from '../../hub/repositories/declaration.ts';
import { MIB, openWorld, type TestEngine, type World } from '../../integration/harness.ts';
import { bytesOf, expectRightFiles } from '../../integration/on-disk.ts';
import { text, weights } from '../../integration/repositories.ts';
import type { PlannedCommand, Step } from './command-plan.ts';

const first = weights('first.safetensors', 2 * MIB + 5, 'shared by a and b');
const second = weights('second.safetensors', MIB + 77, 'shared by b and c');

/** The repositories of a plan. What all have in common is that none is there before. */
const REPOSITORIES: readonly RepositoryDeclaration[] = [
  { id: 'org/a', files: [text('config.json', '{"a":1}'), first, weights('a.safetensors', 2 * MIB, 'a')] },
  { id: 'org/b', files: [text('config.json', '{"b":1}'), first, second] },
  { id: 'org/c', files: [second, weights('c.safetensors', 3 * MIB, 'c')] },
];

/** A command that comes too late, too early or twice is refused in words. Nothing else may go wrong. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['NotFound', 'BadRequest', 'Cancelled']);
const QUIET_MS = 20_000;

/** What was requested, and so may have ended a download. */
interface Asked {
  readonly ids: string[];
  readonly repoOf: Map<string, string>;
  readonly canceled: Set<string>;
  readonly removed: Set<string>;
  keptPartial: boolean;
}

/**
 * Runs the commands of a plan on one engine without waiting for answers, lets everything end, and throws when an
 * invariant is violated: an error that is not a refusal, a failed download, one that vanished without a request, wrong
 * bytes.
 */
export async function runCommands(plan: readonly Step[]): Promise<void> {
  await using world = await openWorld(REPOSITORIES, { conditions: { totalBytesPerSecond: 16_000_000 } });
  const engine = await world.open();
  const partial = join(world.root, 'a.part');
  await writeFile(partial, (await bytesOf(REPOSITORIES[0]!.files![2]!)).subarray(0, MIB));
  const asked: Asked = {
    ids: [],
    repoOf: new Map(),
    canceled: new Set(),
    removed: new Set(),
    keptPartial: false,
  };
  const calls: Promise<void>[] = [];
  for (const { afterMs, command } of plan) {
    if (afterMs > 0) await sleep(afterMs);
    calls.push(give(command, engine, partial, asked).catch((error) => requireRefusal(command, error)));
    // A turn of the event loop, as two clients have between their messages.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await endedInTime(engine, calls);
  await expectAllRight(world, engine, asked);
}

async function give(
  command: PlannedCommand,
  { call, add }: TestEngine,
  partial: string,
  asked: Asked,
): Promise<void> {
  const pick = (index: number) => asked.ids[index % Math.max(1, asked.ids.length)] ?? 'none';
  const reference = 'repo' in command ? REPOSITORIES[command.repo]!.id : '';
  switch (command.kind) {
    case 'add': {
      const id = await add({ reference, ...(command.narrow ? { include: ['*.json', 'first*', 'c*'] } : {}) });
      asked.ids.push(id);
      asked.repoOf.set(id, reference);
      return;
    }
    case 'cancel': {
      const id = pick(command.nth);
      asked.canceled.add(id);
      asked.keptPartial ||= command.keepPartial;
      return call('downloads.cancel', { id, keepPartial: command.keepPartial });
    }
    case 'move':
      return call('downloads.move', { id: pick(command.nth), position: command.position });
    case 'adopt':
      return void (await call('downloads.adopt', { id: pick(command.nth), partial, file: 'a.safetensors' }));
    case 'remove':
      asked.removed.add(reference);
      return void (await call('library.remove', { reference }));
    case 'verify':
      return void (await call('library.verify', { reference, repair: command.repair }));
    case 'pause':
    case 'resume':
    case 'retryNow':
      return void (await call(`downloads.${command.kind}`, { id: pick(command.nth) }));
    default:
      return void (await call(`downloads.${command.kind}`, {}));
  }
}

function requireRefusal(command: PlannedCommand, error: AppError): void {
  if (!REFUSALS.has(error.code))
    throw new Error(`${command.kind} ended with ${error.code}`, { cause: error });
}

/** Resumes whatever is stopped until every command is answered and every download has ended. */
async function endedInTime(engine: TestEngine, calls: readonly Promise<void>[]): Promise<void> {
  let isAnswered = false;
  const answered = Promise.all(calls).finally(() => {
    isAnswered = true;
  });
  const deadline = performance.now() + QUIET_MS;
  for (;;) {
    await engine.call('downloads.resumeAll', {});
    await engine.call('downloads.retryNow', {});
    const { downloads } = await engine.call('snapshot', {});
    const open = downloads.filter(({ state }) => state !== 'ready' && state !== 'failed');
    if (isAnswered && open.length === 0) break;
    if (performance.now() > deadline) {
      const states = downloads.map(({ id, repo, state, reason }) => ({ id, repo, state, reason }));
      throw new Error(`It did not come to an end (answered: ${isAnswered}): ${JSON.stringify(states)}`);
    }
    await sleep(50);
  }
  await answered;
}

async function expectAllRight(world: World, engine: TestEngine, asked: Asked): Promise<void> {
  const { downloads } = await engine.call('snapshot', {});
  const failed = engine.events.find(({ event }) => event === 'failed');
  if (failed) throw new Error(`A download failed: ${JSON.stringify(failed)}`);
  const listed = new Set(downloads.map(({ id }) => id));
  for (const id of asked.ids) {
    const mayBeGone = asked.canceled.has(id) || asked.removed.has(asked.repoOf.get(id) ?? '');
    if (!listed.has(id) && !mayBeGone) throw new Error(`${id} vanished without anybody asking for it`);
  }
  for (const { repo, snapshot, files, state } of downloads) {
    if (state !== 'ready' || snapshot === null) throw new Error(`${repo} is ${state}`);
    const declared = REPOSITORIES.find(({ id }) => id === repo)?.files ?? [];
    const paths = new Set(files.map(({ path }) => path));
    await expectRightFiles(
      snapshot,
      declared.filter(({ path }) => paths.has(path)),
    );
  }
  const { partials } = await engine.call('library.list', {});
  // One that was added before the cancel, and not resolved by then, may have needed the partial.
  const wasAskedTwice = (repo: string) =>
    [...asked.repoOf.values()].filter((each) => each === repo).length > 1;
  const left = partials.filter(({ repo }) => !asked.keptPartial && !wasAskedTwice(repo));
  if (left.length > 0) throw new Error(`Left behind: ${JSON.stringify(left)}`);
  await expectRepairs(engine, downloads);
  await expectSameAfterRestart(world, engine);
}

/** Whatever was downloaded in however many parts, `verify` with repair mends one wrong byte in the last file of each snapshot. */
async function expectRepairs(engine: TestEngine, downloads: readonly DownloadView[]): Promise<void> {
  for (const { id: reference, files: declared = [] } of REPOSITORIES) {
    const ready = downloads.filter(({ repo }) => repo === reference);
    const paths = new Set(ready.flatMap(({ files }) => files.map(({ path }) => path)));
    const [snapshot] = ready.flatMap((view) => view.snapshot ?? []);
    const here = declared.filter(({ path }) => paths.has(path));
    const last = here.at(-1);
    if (snapshot === undefined || last === undefined) continue;
    await flipFirstByte(join(snapshot, last.path));
    const { ok } = await engine.call('library.verify', { reference, repair: true });
    if (ok !== true) throw new Error(`${reference} was not repaired: ok is ${ok}`);
    await expectRightFiles(snapshot, here);
  }
}

/** The bytes change where they are: other names of the same file see it, too. */
async function flipFirstByte(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 0);
    byte[0]! ^= 1;
    await file.write(byte, 0, 1, 0);
  } finally {
    await file.close();
  }
}

/** The ledger says of every download what the engine said. */
async function expectSameAfterRestart(world: World, engine: TestEngine): Promise<void> {
  const said = await summary(engine);
  await engine.close();
  const again = await world.open();
  const read = await summary(again);
  if (said !== read) throw new Error(`The ledger says otherwise: ${said} is read as ${read}`);
}

async function summary(engine: TestEngine): Promise<string> {
  const { downloads } = await engine.call('snapshot', {});
  return JSON.stringify(
    downloads.map(({ id, state, receivedBytes, verifiedBytes }) => [id, state, receivedBytes, verifiedBytes]),
  );
}
