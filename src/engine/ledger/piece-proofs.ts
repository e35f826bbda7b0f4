import type { Database } from 'better-sqlite3';
import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import { decodeRanges, encodeRanges } from './byte-ranges.ts';

/** By which of the Hub's hashes a piece was judged; see `sources/xet/proof/verdict.ts`. */
export type KeptMethod = 'terms' | 'xorbs' | 'file' | 'nodes' | 'chunks';

/** What the Hub's hashes said about one piece of a content. Offsets count from the beginning of the file. */
export interface ProofRow extends ByteRange {
  /** What the file was when its bytes were judged: size, times, inode. */
  readonly identity: string;
  readonly method: KeptMethod;
  /** Parts that are wrong; empty when the whole piece is proved. */
  readonly bad: ByteRanges;
}

interface RawProof {
  readonly start_byte: number;
  readonly end_byte: number;
  readonly identity: string;
  readonly method: string;
  readonly bad: string;
}

/** The `piece_proofs` table: pieces of contents that the Hub's hashes proved, or found wrong. */
export function pieceProofsTable(database: Database) {
  const select = database.prepare<[number], RawProof>(
    'SELECT start_byte, end_byte, identity, method, bad FROM piece_proofs WHERE blob_id = ? ORDER BY start_byte',
  );
  const upsert = database.prepare<[number, number, number, string, string, string]>(
    `INSERT OR REPLACE INTO piece_proofs (blob_id, start_byte, end_byte, identity, method, bad)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[number, number, number]>(
    'DELETE FROM piece_proofs WHERE blob_id = ? AND start_byte < ? AND end_byte > ?',
  );
  const renew = database.prepare<[string, number]>('UPDATE piece_proofs SET identity = ? WHERE blob_id = ?');
  return {
    /** Every piece of a blob that was judged, in file order. Rows that do not parse are left out: they are judged again. */
    list: (blobId: number): ProofRow[] => select.all(blobId).flatMap(toRow),
    /** Keeps results, in place of those about the same bytes. */
    save(blobId: number, rows: readonly ProofRow[]): void {
      for (const { start, end, identity, method, bad } of rows) {
        remove.run(blobId, end, start);
        upsert.run(blobId, start, end, identity, method, encodeRanges(bad));
      }
    },
    /** The bytes of these ranges are given up. */
    removeRanges(blobId: number, ranges: ByteRanges): void {
      for (const { start, end } of ranges) remove.run(blobId, end, start);
    },
    /** The file became another one by what was written elsewhere in it: what is kept of it holds for this one. */
    renew: (blobId: number, identity: string): void => void renew.run(identity, blobId),
  };
}

/** The table, for those who judge. */
export type PieceProofsTable = ReturnType<typeof pieceProofsTable>;

function toRow({ start_byte: start, end_byte: end, identity, method, bad }: RawProof): ProofRow[] {
  const ranges = decodeRanges(bad);
  if (ranges === null || !Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return [];
  return [{ start, end, identity, method: method as KeptMethod, bad: ranges }];
}
