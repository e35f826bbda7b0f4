import { formatDuration, formatTimeLeft } from '../../shared/format/duration.ts';
import { percentOf } from '../../shared/format/percent.ts';
import { formatRate } from '../../shared/format/rate.ts';
import type { FileView } from '../../shared/model/download.ts';
import { barPieces } from './bar.ts';
import { displayWidth, padEnd, padStart, truncateEnd, truncateMiddle } from './display-width.ts';
import type { Piece } from './paint.ts';
import { printable } from './printable.ts';

/** One file as shown in its line. */
export interface FileRow {
  readonly file: FileView;
  readonly bytesPerSecond: number;
  /** Seconds into its verification; null while it is not being verified. */
  readonly verifyingSeconds: number | null;
}

/** Amount of detail per line; the layout takes the first that leaves room for a bar. */
interface Detail {
  readonly rate: boolean;
  readonly eta: 'none' | 'short' | 'words';
  readonly chunks: 'none' | 'short' | 'words';
}

const DETAILS: readonly Detail[] = [
  { rate: true, eta: 'words', chunks: 'words' },
  { rate: true, eta: 'short', chunks: 'short' },
  { rate: true, eta: 'short', chunks: 'none' },
  { rate: true, eta: 'none', chunks: 'none' },
  { rate: false, eta: 'none', chunks: 'none' },
];

/** Columns: narrowest useful bar, narrowest name, percent (`100 %`), rate (`999.9 MB/s`), gap between parts. */
const MIN_BAR = 6;
const MAX_BAR = 40;
const MIN_NAME = 7;
const PERCENT = 5;
const RATE = 10;
const GAP = 2;

interface Layout {
  readonly name: number;
  readonly bar: number;
  readonly status: number;
  readonly chunks: number;
  readonly detail: Detail;
}

/** One line per row, all with the same columns, none wider than `width`. */
export function fileLines(rows: readonly FileRow[], width: number): ReadonlyArray<readonly Piece[]> {
  const layouts = DETAILS.map((detail) => layoutOf(rows, width, detail));
  const layout = layouts.find(({ bar }) => bar >= MIN_BAR) ?? layouts.at(-1);
  return layout === undefined ? [] : rows.map((row) => fitPieces(lineOf(row, layout), width));
}

function layoutOf(rows: readonly FileRow[], width: number, detail: Detail): Layout {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth));
  const status = widest(rows.map((row) => statusOf(row, detail)));
  const chunks = widest(rows.map((row) => chunksOf(row.file, detail)));
  const fixed = [PERCENT, status, chunks].filter((columns) => columns > 0);
  const left = width - fixed.reduce((sum, columns) => sum + columns + GAP, 0) - GAP;
  const names = widest(rows.map((row) => printable(row.file.path)));
  const wanted = Math.min(names, Math.max(MIN_NAME, Math.floor(width * 0.35)));
  const name = Math.max(Math.min(names, MIN_NAME), Math.min(wanted, left - MIN_BAR));
  return { name, bar: Math.max(0, Math.min(MAX_BAR, left - name)), status, chunks, detail };
}

function lineOf(row: FileRow, layout: Layout): readonly Piece[] {
  const { file } = row;
  const gap: Piece = { text: ' '.repeat(GAP), tone: 'plain' };
  const bytes = {
    verified: file.verifiedBytes,
    received: file.receivedBytes,
    total: file.size,
    complete: file.installed,
  };
  const pieces: Piece[] = [
    { text: padEnd(truncateMiddle(printable(file.path), layout.name), layout.name), tone: 'plain' },
    gap,
  ];
  if (layout.bar > 0) pieces.push(...barPieces(bytes, layout.bar), gap);
  pieces.push({ text: padStart(`${percentShown(file)} %`, PERCENT), tone: 'plain' });
  if (layout.status > 0) {
    pieces.push(gap, { text: padEnd(statusOf(row, layout.detail), layout.status), tone: statusTone(row) });
  }
  if (layout.chunks > 0) {
    pieces.push(gap, { text: padStart(chunksOf(file, layout.detail), layout.chunks), tone: 'faint' });
  }
  return pieces;
}

/** 100 only for a file that is verified and installed. */
function percentShown(file: FileView): number {
  return file.installed ? 100 : Math.min(99, percentOf(file.receivedBytes, file.size));
}

function statusTone({ file, verifyingSeconds }: FileRow): Piece['tone'] {
  if (file.installed) return 'good';
  return verifyingSeconds === null ? 'plain' : 'busy';
}

function statusOf(row: FileRow, detail: Detail): string {
  if (row.file.installed) return 'verified';
  if (row.verifyingSeconds !== null) return `verifying… ${formatDuration(row.verifyingSeconds)}`;
  if (!detail.rate) return '';
  const rate = padStart(formatRate(row.bytesPerSecond), RATE);
  if (detail.eta === 'none') return rate;
  const missing = row.file.size - row.file.receivedBytes;
  const seconds = row.bytesPerSecond > 0 ? missing / row.bytesPerSecond : null;
  const left = detail.eta === 'words' || seconds === null ? formatTimeLeft(seconds) : formatDuration(seconds);
  return `${rate}  ${padStart(left, detail.eta === 'words' ? 14 : 9)}`;
}

function chunksOf(file: FileView, detail: Detail): string {
  if (detail.chunks === 'none') return '';
  const count = `${file.chunksDone}/${file.chunksTotal}`;
  return detail.chunks === 'words' ? `chunks ${count}` : count;
}

/** Truncates the pieces to `width`, whatever the layout produced. */
export function fitPieces(pieces: readonly Piece[], width: number): readonly Piece[] {
  const fitted: Piece[] = [];
  let left = width;
  for (const piece of pieces) {
    const text = truncateEnd(piece.text, left);
    left -= displayWidth(text);
    if (text !== '') fitted.push({ ...piece, text });
    if (text !== piece.text) break;
  }
  return fitted;
}
