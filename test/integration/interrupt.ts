import { stallAfterBytes } from '../hub/faults/constructors.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { MIB, type World } from './harness.ts';

/** Bytes of the chunk in which {@link interrupt} stops that have arrived. */
export const HALF_CHUNK = MIB / 2;

/**
 * Downloads a repository's only file until `chunks` chunks are done and half of the next one is there, and closes the engine.
 * Returns the id of the download.
 */
export async function interrupt(
  world: World,
  { id: reference }: RepositoryDeclaration,
  chunks: number,
): Promise<string> {
  const rangeStart = chunks * MIB;
  const match = { origin: 'cdn', rangeStart } as const;
  world.hub.faults.add({ match, ...stallAfterBytes(HALF_CHUNK) });
  const engine = await world.open();
  const id = await engine.add({ reference, workers: 1 });
  const expected = rangeStart + HALF_CHUNK;
  await engine.waitFor('progress', (each) => each.receivedBytes >= expected && each.chunksDone >= chunks);
  await engine.close();
  return id;
}
