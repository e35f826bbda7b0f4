import { formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { ChunkState } from '../../../shared/model/inspection.ts';
import type { Transport, TransportReason } from '../../../shared/model/transport.ts';

const CHUNK_WORDS: Readonly<Record<ChunkState, string>> = {
  done: 'Done',
  proved: 'Proved',
  receiving: 'Receiving',
  rescued: 'Reused',
  repaired: 'Repaired',
  received: 'Received',
  waiting: 'Waiting',
};

const TRANSPORT_NAMES: Readonly<Record<Transport, string>> = { http: 'HTTP', xet: 'Xet' };

function transportReason(because: TransportReason['because'], failure: string | null): string {
  switch (because) {
    case 'only':
      return '';
    case 'asked':
      return ', as you chose';
    case 'default':
      return ', until Xet proves faster';
    case 'faster':
      return ', which is faster here';
    case 'other-failed':
      return `, because Xet failed${failure === null ? '' : `: ${failure}`}`;
  }
}

/** Every text of the inspector. */
export const words = {
  title: 'Inspector',
  close: 'Close Inspector',
  nothingSelected: 'No download is selected',
  nothingSelectedText: 'Select a download to see its chunks, speed, and checksums.',
  loading: 'Loading…',

  chunks: 'Chunks',
  chunksOf: (done: number, total: number) => `${done} of ${total}`,
  speed: 'Speed',
  streams: 'Connections',
  numbers: 'Details',
  files: 'Files',
  events: 'Events',
  chunkWord: (state: ChunkState) => CHUNK_WORDS[state],
  chunkCount: (state: ChunkState, count: number) => `${count} ${CHUNK_WORDS[state].toLowerCase()}`,
  chunkMap: (file: string, total: number, parts: string) =>
    `Chunk map of ${file}: ${total} ${total === 1 ? 'chunk' : 'chunks'}; ${parts}`,
  filesTogether: (count: number, isRest: boolean) =>
    `${count} ${isRest ? 'more ' : ''}${count === 1 ? 'file' : 'files'}`,
  speedGraph: (now: string, peak: string) => `Speed of the last minutes: now ${now}, peak ${peak}`,
  now: 'Now',
  peak: 'Peak',
  lastMinutes: 'last 3 minutes',
  noStreams: 'No open connections',
  chunkNumber: (chunk: number) => `chunk ${chunk + 1}`,
  silentFor: (seconds: number) => `silent for ${formatDuration(seconds)}`,

  repository: 'Repository',
  revision: 'Revision',
  commit: 'Commit',
  notPinned: 'not known yet',
  downloaded: 'Downloaded',
  rescued: 'Reused',
  wasted: 'Downloaded again',
  retries: 'Retries',
  activeTime: 'Time active',
  expected: 'Expected',
  found: 'Found',
  transport: 'Downloaded over',
  transportOf: ({ transport, because, failure }: TransportReason) =>
    `${TRANSPORT_NAMES[transport]}${transportReason(because, failure)}`,
  notHashedYet: (hashed: number, size: number) => `checked ${formatBytesOf(hashed, size)}`,
  hashPending: 'after the last byte',
  matches: 'Matches',
  differs: 'Differs',
  copyHash: 'Copy Checksum',
  copyCommit: 'Copy Commit',
  hashCopied: 'Checksum copied',
  commitCopied: 'Commit copied',
  copyDiagnostics: 'Copy Diagnostics',
  noEvents: 'No events yet',
  olderEvents: (count: number) => `Show ${count} older`,
} as const;
