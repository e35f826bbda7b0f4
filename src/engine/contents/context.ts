import type { Dispatcher } from 'undici';
import type { EventBody } from '../../shared/contract/events.ts';
import type { VolumeProbes } from '../cache/probes.ts';
import type { ToolFolders } from '../cache/tool-folders.ts';
import type { KeyedMutex } from '../coordination/keyed-mutex.ts';
import type { Leases } from '../coordination/leases.ts';
import type { DiskBudget } from '../disk/disk-budget.ts';
import type { OpenFiles } from '../disk/open-files.ts';
import type { HubClient } from '../hub/hub-client.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Peers } from '../sources/peer/peers.ts';
import type { SourcePaces } from '../sources/several/source-paces.ts';
import type { TransportJudge } from '../sources/transport-judge.ts';
import type { XetClientOf } from '../sources/xet/protocol/xet-clients.ts';
import type { DecodeBuffers } from '../sources/xet/transport/decode-buffers.ts';
import type { HostBackoff } from '../transfer/host-backoff.ts';
import type { RangeSupport } from '../transfer/range-support.ts';
import type { RateLimiter } from '../transfer/rate-limiter.ts';
import type { Checkpointer } from './checkpointer.ts';

/** The engine's clock, injected. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when the clock is set. */
  readonly now: () => number;
  /** Milliseconds on a monotonic clock; for everything that is measured or waited for. */
  readonly monotonic: () => number;
}

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/** Everything downloads depend on, built once by the engine. */
export interface DownloadContext {
  readonly ledger: Ledger;
  readonly hub: HubClient;
  /** Requests to Xet storage about a file. */
  readonly xetClient: XetClientOf;
  readonly hasher: HashPool;
  readonly checkpointer: Checkpointer;
  /** True while the event loop is idle often enough to check bytes as they arrive. */
  readonly mayCheckHere: () => boolean;
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  readonly hostBackoff: HostBackoff;
  readonly rangeSupport: RangeSupport;
  readonly transportJudge: TransportJudge;
  readonly decodeBuffers: DecodeBuffers;
  /** Other machines that may have a content, and how fast each source is. */
  readonly peers: Peers;
  readonly sourcePaces: SourcePaces;
  readonly limiter: RateLimiter;
  readonly probes: VolumeProbes;
  readonly diskBudget: DiskBudget;
  readonly openFiles: OpenFiles;
  /**
   * Held while a content is brought to disk: by its hash, so that two downloads of one content share one transfer, and
   * by the path of its partial, so that nobody deletes it in the meantime.
   */
  readonly blobLocks: KeyedMutex;
  /** Leases on repository folders of the cache: shared to use one, exclusive to remove it. */
  readonly leases: Leases;
  /** Aborted when the engine ends. */
  readonly signal: AbortSignal;
  /** Caches that are searched for finished contents, besides the download's own. */
  readonly knownCacheDirs: readonly string[];
  /** Where other programs keep models. */
  readonly toolFolders: ToolFolders;
  readonly clock: Clock;
  readonly emit: (body: EventBody) => void;
  readonly log: Log;
  /** False when nobody is present to free space: a full or disconnected disk then ends a download. */
  readonly waitsForDisk: boolean;
  /** A download without progress for this long fails with its last error; undefined means never. */
  readonly giveUpAfterMs: number | undefined;
}
