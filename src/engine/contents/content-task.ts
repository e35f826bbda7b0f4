import type { RescueSource } from '../../shared/model/download.ts';
import type { Judgement } from '../../shared/model/judgement.ts';
import type { TransportChoice } from '../../shared/model/transport.ts';
import type { FileRow } from '../ledger/files.ts';
import type { PeerChoice } from '../sources/peer/peers.ts';
import type { ContentJob } from './content-job.ts';
import type { PassedCheck } from './verification/check-file.ts';

/** One content, and the snapshot paths under which it appears. */
export interface ContentTask {
  /** Id of the download it belongs to. */
  readonly download: string;
  readonly repo: string;
  readonly commit: string;
  readonly cacheDir: string;
  readonly files: readonly [FileRow, ...FileRow[]];
  readonly symlinks: boolean;
  readonly chunkBytes: number;
  readonly transport: TransportChoice;
  readonly peers: PeerChoice;
  /** A partial file that the user named. */
  readonly from: string | null;
  /** True to download it although a finished blob exists, because that blob is damaged. */
  readonly repair: boolean;
}

/** Callbacks from a task to its download. */
export interface ContentTaskEvents {
  /** Called when another download is fetching the same content; with null when that is over. */
  readonly onBlocked: (by: string | null) => void;
  /** True while the work on it depends on this computer alone, and not on the network or another download. */
  readonly onLocalWork: (isLocal: boolean) => void;
  readonly onJob: (job: ContentJob) => void;
  readonly onRescued: (path: string, bytes: number, chunks: number, source: RescueSource) => void;
  /** Called when the bytes of the user's partial are durable; the partial is no longer needed. */
  readonly onPartialTaken: () => void;
  readonly onRepaired: (path: string, chunk: number, bytes: number) => void;
  readonly onFetchedAgain: (bytes: number) => void;
  readonly onJudged: (path: string, judgement: Judgement) => void;
  /**
   * Called while something found on disk is being hashed before it is trusted: a finished copy, in this cache or
   * elsewhere, or the pieces of a partial.
   */
  readonly onChecking: (path: string, hashedBytes: number, totalBytes: number) => void;
  readonly onInstalling: () => void;
  /** Called when every path of the task has correct content; `checks` has how each was verified. */
  readonly onInstalled: (files: readonly FileRow[], checks: readonly PassedCheck[]) => void;
}
