import { LOCAL_TOKENS } from '../../test/hub/fixtures/odd.ts';
import { SEARCHABLE } from '../../test/hub/fixtures/searchable.ts';
import { type Hub, type HubOptions, startHub } from '../../test/hub/hub.ts';
import { MISBEHAVIOURS, troubleOf } from './misbehaviour.ts';

/**
 * The Hub of the demo, a process of its own so that making up gigabytes does not disturb what is measured beside it.
 * `node tools/demo/hub.ts BYTES_PER_SECOND [MISBEHAVIOUR [--any-port]]`, started with an IPC channel: tells its address and ends when the
 * channel does.
 */

/** Kept from run to run where they are free, because a download remembers the Hub it came from. */
const PORTS = { port: 8791, cdnPort: 8792 };

const [bytesPerSecond, name, anyPort] = process.argv.slice(2);
const { conditions, faults } = troubleOf(MISBEHAVIOURS.find((known) => known === name) ?? null);
const hub = await start({
  repositories: SEARCHABLE,
  tokens: LOCAL_TOKENS,
  conditions: { totalBytesPerSecond: Number(bytesPerSecond), ...conditions },
  logCapacity: 1000,
});
for (const fault of faults) hub.faults.add(fault);
process.on('disconnect', () => process.exit(0));
// The parent ends this process when the app has ended; Ctrl-C must not do it before.
process.on('SIGINT', () => undefined);
process.send?.({ url: hub.url });

async function start(options: HubOptions): Promise<Hub> {
  if (anyPort === '--any-port') return startHub(options);
  try {
    return await startHub({ ...options, ...PORTS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startHub(options);
  }
}
