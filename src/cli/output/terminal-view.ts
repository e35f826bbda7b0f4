import { displayWidth, truncateEnd } from './display-width.ts';
import { type FileRow, fileLines } from './file-lines.ts';
import { type Piece, paint } from './paint.ts';
import { printable } from './printable.ts';
import { type DownloadProgress, fileSpeeds, type ProgressModel, verificationOf } from './progress-model.ts';
import { headlineParts, isHeldUp, situationWords } from './words.ts';
import { wrapWords } from './wrap-words.ts';

/** The terminal to draw on. */
export interface ViewFrame {
  /** Columns that may be used. */
  readonly width: number;
  /** Lines that may be used. */
  readonly rows: number;
  readonly color: boolean;
  readonly nowMs: number;
}

/** Maximum number of lines for a sentence about a held-up download. */
const MAX_SENTENCE_LINES = 3;

/** The lines of the live view: for each download a headline and one line per file. */
export function renderView(model: ProgressModel, frame: ViewFrame): readonly string[] {
  const downloads = [...model.values()];
  const heads = downloads.map((progress) => headLines(progress, frame));
  const headRows = heads.reduce((sum, lines) => sum + lines.length, 0);
  const shares = shareRows(downloads, Math.max(0, frame.rows - headRows));
  const lines = downloads.flatMap((progress, index) => [
    ...(heads[index] ?? []),
    ...bodyLines(progress, shares[index] ?? 0, frame),
  ]);
  return lines.slice(0, Math.max(1, frame.rows)).map((pieces) => paint(pieces, frame.color));
}

/** Distributes free lines to the downloads in their order. */
function shareRows(downloads: readonly DownloadProgress[], rows: number): readonly number[] {
  let left = rows;
  return downloads.map(({ view }) => {
    const share = Math.min(view.files.length, left);
    left -= share;
    return share;
  });
}

function headLines(progress: DownloadProgress, frame: ViewFrame): ReadonlyArray<readonly Piece[]> {
  const name = printable(progress.name);
  if (!isHeldUp(progress, frame.nowMs)) return [numbersLine(name, headlineParts(progress.view), frame.width)];
  const text = printable(`${name}: ${situationWords(progress, frame.nowMs)}`);
  return wrapWords(text, frame.width, MAX_SENTENCE_LINES).map((line) => [{ text: line, tone: 'bad' }]);
}

/** Name and numbers; the name is shortened first, then the least important numbers are left out. */
function numbersLine(name: string, parts: readonly string[], width: number): readonly Piece[] {
  for (let count = parts.length; count > 0; count -= 1) {
    const numbers = parts.slice(0, count).join(' · ');
    const room = width - displayWidth(numbers) - 2;
    if (room >= Math.min(displayWidth(name), 8) || count === 1) {
      const shown = truncateEnd(name, Math.max(0, room));
      return [
        { text: shown, tone: 'strong' },
        { text: truncateEnd(`${shown === '' ? '' : '  '}${numbers}`, width), tone: 'plain' },
      ];
    }
  }
  return [{ text: truncateEnd(name, width), tone: 'strong' }];
}

function bodyLines(
  progress: DownloadProgress,
  rows: number,
  frame: ViewFrame,
): ReadonlyArray<readonly Piece[]> {
  const { files } = progress.view;
  if (rows < 1) return [];
  const all = files.length <= rows;
  const shown = all ? new Set(files) : new Set(mostTelling(progress, frame.nowMs).slice(0, rows - 1));
  const speeds = fileSpeeds(progress);
  const fileRows = files
    .filter((file) => shown.has(file))
    .map((file): FileRow => {
      const verification = verificationOf(progress, file.path, frame.nowMs);
      return {
        file,
        bytesPerSecond: speeds.get(file.path) ?? 0,
        verifyingSeconds: verification?.seconds ?? null,
      };
    });
  const lines = fileLines(fileRows, frame.width);
  return all ? lines : [...lines, [{ text: hiddenWords(progress, shown.size, frame.width), tone: 'faint' }]];
}

/**
 * Sorts files by how informative their line is: moving ones, then waiting ones, finished ones last; large before small.
 */
function mostTelling({ view, verifying }: DownloadProgress, nowMs: number) {
  const rank = (file: (typeof view.files)[number]) => {
    if (file.installed) return 2;
    const heartbeat = verifying.get(file.path);
    const busy = file.receivedBytes > 0 || (heartbeat !== undefined && nowMs >= heartbeat.atMs);
    return busy ? 0 : 1;
  };
  return view.files.toSorted((a, b) => rank(a) - rank(b) || b.size - a.size);
}

function hiddenWords({ view }: DownloadProgress, shown: number, width: number): string {
  const done = view.files.filter((file) => file.installed).length;
  return truncateEnd(
    `… ${view.files.length - shown} more files, ${done} of ${view.files.length} done`,
    width,
  );
}
