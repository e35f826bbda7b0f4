import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/engine/ledger/ledger.ts';
import { openWorld } from '../integration/harness.ts';
import { flipByte, servedBytes } from '../integration/on-disk.ts';
import { FILE_BYTES, MIB, REPOSITORY, requireRight } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const reference = REPOSITORY.id;

const repair = (
  name: string,
  mayCostBytes: number,
  damage: (blob: string) => Promise<unknown>,
  keepLedger = true,
): FaultScenario => ({
  area: 'Repair',
  fault: name,
  mayCostBytes,
  run: () => repaired(damage, keepLedger),
});

/** Installed models that were damaged. */
export const REPAIR: readonly FaultScenario[] = [
  repair('a bit flipped in an installed blob', MIB, (blob) => flipByte(blob, 2 * MIB + 5)),
  repair('a bit flipped in each of two chunks of an installed blob', 2 * MIB, async (blob) => {
    await flipByte(blob, 5);
    await flipByte(blob, 3 * MIB + 5);
  }),
  repair('an installed blob deleted', FILE_BYTES, (blob) => rm(blob)),
  // Its chunks have the usual 50 MiB then: the whole file is one, and the file hash decides between its two copies.
  repair(
    'a bit flipped in an installed blob that the ledger does not know',
    FILE_BYTES,
    (blob) => flipByte(blob, 2 * MIB + 5),
    false,
  ),
  downloadedAgain('a bit flipped in an installed blob, and the model downloaded again', MIB, true),
  downloadedAgain(
    'a bit flipped in a blob that another tool left, and the model downloaded',
    FILE_BYTES,
    false,
  ),
];

/** What is in the cache is hashed before it is believed, and repaired. */
function downloadedAgain(name: string, mayCostBytes: number, keepLedger: boolean): FaultScenario {
  return {
    area: 'Repair',
    fault: name,
    mayCostBytes,
    run: async () => {
      await using world = await openWorld([REPOSITORY]);
      const first = await world.open();
      const { done } = await first.download({ reference });
      await first.close();
      if (!keepLedger) await rm(world.dataDir, { recursive: true });
      await flipByte(done.files[0]?.blob ?? '', 2 * MIB + 5);
      const since = world.hub.requests.length;
      const startedMs = performance.now();
      const { events } = await (await world.open()).download({ reference });
      const recoverMs = performance.now() - startedMs;
      await requireRight(done.snapshot, REPOSITORY);
      const againBytes = servedBytes(world.hub, since);
      return { messages: messagesOf(events), againBytes, recoverMs, outcome: 'right file' };
    },
  };
}

async function repaired(damage: (blob: string) => Promise<unknown>, keepLedger: boolean): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const first = await world.open();
  const { done } = await first.download({ reference });
  await first.close();
  if (!keepLedger) {
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(world.dataDir, `${LEDGER_FILE}${suffix}`), { force: true });
  }
  await damage(done.files[0]?.blob ?? '');
  const engine = await world.open();
  const found = await engine.call('library.verify', { reference });
  if (found.ok) throw new Error('The damage was not found.');
  const startedMs = performance.now();
  const { ok } = await engine.call('library.verify', { reference, repair: true });
  if (!ok) throw new Error('It was not repaired.');
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  const [file] = found.files;
  const messages = `verify: ${file?.path} is damaged (${file?.badChunks.length ? `chunk ${file.badChunks.join(', ')}` : file?.actual === 'missing' ? 'missing' : 'hash'})`;
  return {
    messages: [messages, ...messagesOf(engine.events)],
    recoverMs,
    againBytes: servedBytes(world.hub) - FILE_BYTES,
    outcome: 'right file',
  };
}
