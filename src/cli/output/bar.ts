import type { Piece } from './paint.ts';

/** What a bar shows, in bytes. */
export interface BarBytes {
  readonly verified: number;
  readonly received: number;
  readonly total: number;
  /** Verified as a whole and installed: only then is the bar full of verified cells. */
  readonly complete: boolean;
}

/** A bar of `cells` characters in three tones: verified `█`, received `▓`, rest `░`. */
export function barPieces(bytes: BarBytes, cells: number): readonly Piece[] {
  const verified = verifiedCells(bytes, cells);
  const received = Math.max(verified, cellsOf(bytes.received, bytes.total, cells));
  return [
    { text: '█'.repeat(verified), tone: 'good' },
    { text: '▓'.repeat(received - verified), tone: 'busy' },
    { text: '░'.repeat(cells - received), tone: 'faint' },
  ];
}

function verifiedCells({ verified, total, complete }: BarBytes, cells: number): number {
  return complete ? cells : Math.min(Math.max(0, cells - 1), cellsOf(verified, total, cells));
}

function cellsOf(part: number, total: number, cells: number): number {
  if (!(total > 0)) return 0;
  return Math.min(cells, Math.max(0, Math.floor((part / total) * cells)));
}
