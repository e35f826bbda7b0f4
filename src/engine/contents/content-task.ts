import type { RescueSource } from '../../shared/model/download.ts';
import type { Judgement } from '../../shared/model/judgement.ts';
import type { TransportChoice } from '../../shared/model/transport.ts';
import type { FileRow } from '../ledger/files.ts';
import type { PeerChoice } from '../sources/peer/peers.ts';
import type { ContentJob } from './content-job.ts';
import type { PassedCheck } from './verification/check-file.ts';

/** One content, and the paths of the snapshot under which it appears. */
export interface ContentTask {
  /** Id of the download that it belongs to. */
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
  /** Bring it although a finished blob is there: that one is damaged. */
  readonly repair: boolean;
}

/** What a task tells the download it belongs to. */
export interface ContentTaskEvents {
  /** Another download is bringing the same content; null when that is over. */
  readonly onBlocked: (by: string | null) => void;
  /** True while what is done for it depends on this machine alone, and not on the network or another download. */
  readonly onLocalWork: (isLocal: boolean) => void;
  readonly onJob: (job: ContentJob) => void;
  readonly onRescued: (path: string, bytes: number, chunks: number, source: RescueSource) => void;
  /** What the user's partial had is safe here; it is not needed any more. */
  readonly onPartialTaken: () => void;
  readonly onRepaired: (path: string, chunk: number, bytes: number) => void;
  readonly onFetchedAgain: (bytes: number) => void;
  readonly onJudged: (path: string, judgement: Judgement) => void;
  /** What was found here is being hashed before it is believed: a finished copy, in this cache or elsewhere, or the pieces of a partial. */
  readonly onChecking: (path: string, hashedBytes: number, totalBytes: number) => void;
  readonly onInstalling: () => void;
  /** Every path of the task shows content that is right; `checks` tells of each how that is known. */
  readonly onInstalled: (files: readonly FileRow[], checks: readonly PassedCheck[]) => void;
}
