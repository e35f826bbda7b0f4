import type { ByteRanges } from '../../shared/model/byte-range.ts';
import type { FileAtCommit, HubClient } from '../hub/hub-client.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import { PieceProver } from '../sources/xet/proof/prover.ts';
import type { XetClientOf } from '../sources/xet/protocol/xet-clients.ts';

/** Dependencies of {@link damagedParts}. */
export interface JudgeInstalledDeps {
  readonly hub: Pick<HubClient, 'locate'>;
  readonly hasher: Pick<HashPool, 'pieces'>;
  readonly xetClient: XetClientOf;
  readonly log: (level: 'info', message: string) => void;
}

/** A file whose hash is known to be wrong. */
export interface DamagedFile extends FileAtCommit {
  readonly realPath: string;
  readonly size: number;
  /** The expected hash. */
  readonly hash: string;
}

/**
 * Returns the wrong parts of a damaged file, by the Hub's own hashes of its pieces; empty when the Hub cannot be
 * reached or has none. Fetches and changes nothing. Rejects only when `signal` is aborted.
 */
export async function damagedParts(
  { realPath, size, hash, ...file }: DamagedFile,
  { hub, hasher, xetClient, log }: JudgeInstalledDeps,
  signal: AbortSignal,
): Promise<ByteRanges> {
  try {
    const location = await hub.locate(file, signal);
    if (location.xet === null || location.size !== size || location.hash !== hash) return [];
    const prover = await PieceProver.open(xetClient(file, size, location.xet), signal);
    if (prover === null) return [];
    const local = {
      present: [{ start: 0, end: size }],
      cut: ({ start, end }: { start: number; end: number }, cutting: Parameters<HashPool['pieces']>[1]) =>
        hasher.pieces({ path: realPath, start, end }, cutting),
    };
    const verdicts = await prover.judge(local, () => undefined, signal);
    return verdicts.flatMap(({ bad }) => bad);
  } catch (error) {
    signal.throwIfAborted();
    log(
      'info',
      `The pieces of ${file.path} are not judged: ${error instanceof Error ? error.message : error}`,
    );
    return [];
  }
}
