import { type ByteRanges, missingRanges } from '../../shared/model/byte-range.ts';
import { identifyFile } from '../cache/file-identity.ts';
import type { FileAtCommit, HubClient } from '../hub/hub-client.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { ProofRow } from '../ledger/piece-proofs.ts';
import { PieceProver } from '../sources/xet/proof/prover.ts';
import type { TermVerdict } from '../sources/xet/proof/verdict.ts';
import type { XetClientOf } from '../sources/xet/protocol/xet-clients.ts';

/** What was found out about the pieces of one content. */
export interface KeptVerdicts {
  readonly list: () => readonly ProofRow[];
  /** Absent where the ledger may only be read. */
  readonly save?: (rows: readonly ProofRow[]) => void;
}

/** Dependencies of {@link damagedParts}. */
export interface JudgeInstalledDeps {
  readonly hub: Pick<HubClient, 'locate'>;
  readonly hasher: Pick<HashPool, 'pieces'>;
  readonly xetClient: XetClientOf;
  /** Results by content; null where the ledger does not know it. */
  readonly keptOf: (file: DamagedFile) => KeptVerdicts | null;
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
 * reached or has none. Fetches no content and changes no file. The result is kept, and returned again while the file is the same.
 * Rejects only when `signal` is aborted.
 */
export async function damagedParts(
  damaged: DamagedFile,
  { hub, hasher, xetClient, keptOf, log }: JudgeInstalledDeps,
  signal: AbortSignal,
): Promise<ByteRanges> {
  const { realPath, size, hash, ...file } = damaged;
  try {
    const kept = keptOf(damaged);
    const identity = (await identifyFile(realPath))?.identity;
    const known = kept?.list().filter((row) => row.identity === identity) ?? [];
    const knownBad = known.flatMap(({ bad }) => bad);
    // What says that all is well does not explain why the file is wrong.
    if (knownBad.length > 0 && missingRanges(known, { start: 0, end: size }).length === 0) return knownBad;
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
    const isSame = identity !== undefined && (await identifyFile(realPath))?.identity === identity;
    if (isSame) kept?.save?.(verdicts.flatMap((verdict) => rowOf(verdict, identity)));
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

/** What is neither proved nor wrong says nothing, and is judged again the next time. */
function rowOf({ state, method, start, end, bad }: TermVerdict, identity: string): ProofRow[] {
  return state === 'unproved' || method === null ? [] : [{ start, end, identity, method, bad }];
}
