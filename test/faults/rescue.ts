import { mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { openWorld, type World } from '../integration/harness.ts';
import { bytesOf, onlyFile, servedBytes, sha256 } from '../integration/on-disk.ts';
import { FILE_BYTES, LONGEST_MS, MIB, REPOSITORY, requireRight, WEIGHTS } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const PREFIX = 3 * MIB + 123_456;

/** Each stream has got a part of its range. */
const HOLED = [
  [0, MIB + 8192],
  [2 * MIB, 2 * MIB + 4096],
  [4 * MIB, FILE_BYTES],
] as const;

interface Leftover {
  /** Where another tool left it. */
  readonly place: (world: World, hash: string) => string;
  /** How much of the file it holds. */
  readonly bytes?: number;
  /** Parts that were written into a file of full length; everything before `bytes` when absent. */
  readonly parts?: ReadonlyArray<readonly [number, number]>;
  /** A byte of it that is wrong. */
  readonly wrongAt?: number;
  /** True when the user names it. */
  readonly named?: boolean;
  /** Bytes that need not be fetched. */
  readonly sparesBytes: number;
}

const rescue = (name: string, leftover: Leftover, mayCostBytes = 0): FaultScenario => ({
  area: 'Rescue',
  fault: name,
  mayCostBytes,
  run: () => rescued(leftover),
});

const beside = (suffix: string) => (world: World, hash: string) =>
  `${blobPath(world.cacheDir, REPOSITORY.id, hash)}${suffix}`;
const inHome = (name: string) => (world: World) => join(world.root, name);

/** What other tools left is used and never changed. */
export const RESCUE: readonly FaultScenario[] = [
  rescue('a partial of huggingface_hub up to 1.17 (<etag>.incomplete)', {
    place: beside('.incomplete'),
    bytes: PREFIX,
    sparesBytes: PREFIX,
  }),
  rescue('a partial of huggingface_hub from 1.18 (<etag>.<hex>.incomplete)', {
    place: beside('.0a1b2c3d.incomplete'),
    bytes: PREFIX,
    sparesBytes: PREFIX,
  }),
  rescue('a partial with holes, as parallel downloaders leave it (<etag>.incomplete)', {
    place: beside('.incomplete'),
    parts: HOLED,
    sparesBytes: HOLED.reduce((sum, [start, end]) => sum + end - start, 0),
  }),
  ...[
    ['wget', WEIGHTS],
    ['curl', 'curl-output'],
    ['Chrome', `${WEIGHTS}.crdownload`],
    ['Firefox', `${WEIGHTS}.part`],
    ['Safari', 'model.safetensors.download'],
  ].map(([tool, name]) =>
    rescue(`a partial of ${tool}, named by the user`, {
      place: inHome(name ?? ''),
      bytes: PREFIX,
      named: true,
      sparesBytes: PREFIX,
    }),
  ),
  rescue('a whole file, named by the user', { place: inHome('whole'), named: true, sparesBytes: FILE_BYTES }),
  // Nobody vouches for it, so all of it is compared when the file hash is wrong.
  rescue(
    'a partial with a wrong byte in it',
    { place: beside('.incomplete'), bytes: PREFIX, wrongAt: MIB + 9, sparesBytes: PREFIX },
    6 * MIB,
  ),
  rescue('a partial longer than the file', {
    place: beside('.incomplete'),
    bytes: FILE_BYTES + 1,
    sparesBytes: 0,
  }),
  rescue('a finished blob of another repository in the same cache', {
    place: (world, hash) => blobPath(world.cacheDir, 'somebody/else', hash),
    sparesBytes: FILE_BYTES,
  }),
  rescue('a finished blob in the default cache of Hugging Face (hard link)', {
    place: (world, hash) => blobPath(join(world.root, '.cache', 'huggingface', 'hub'), 'somebody/else', hash),
    sparesBytes: FILE_BYTES,
  }),
  rescue('a finished blob elsewhere that is damaged', {
    place: (world, hash) => blobPath(world.cacheDir, 'somebody/else', hash),
    wrongAt: 5,
    sparesBytes: 0,
  }),
];

async function rescued({
  place,
  bytes = FILE_BYTES,
  parts = [[0, bytes]],
  wrongAt,
  named,
  sparesBytes,
}: Leftover): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const right = await bytesOf(onlyFile(REPOSITORY));
  const content = Buffer.alloc(bytes);
  for (const [start, end] of parts) right.copy(content, start, start, Math.min(end, bytes));
  if (wrongAt !== undefined) content[wrongAt] = (content[wrongAt] ?? 0) ^ 0xff;
  const path = place(world, sha256(right));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.alloc(0));
  await truncate(path, bytes);
  const file = await open(path, 'r+');
  for (const [start, end] of parts) await file.write(content, start, end - start, start);
  await file.close();
  const before = await stat(path);
  const startedMs = performance.now();
  const engine = await world.open();
  const from = named === true ? { from: { [WEIGHTS]: path } } : {};
  const { done, failed, events } = await engine.run(
    { reference: REPOSITORY.id, ...from },
    { timeoutMs: LONGEST_MS },
  );
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  const after = await stat(path);
  if (after.mtimeMs !== before.mtimeMs || !(await readFile(path)).equals(content)) {
    throw new Error('The file of the other tool was changed.');
  }
  const again = servedBytes(world.hub) + sparesBytes - FILE_BYTES;
  return {
    messages: messagesOf(events),
    recoverMs,
    againBytes: Math.max(0, again),
    outcome: 'right file; the other one is as it was',
  };
}
