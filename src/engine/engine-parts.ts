import type {
  CommandArgs,
  CommandResult,
  EndpointTest,
  EngineCommandName,
  Settings,
} from '../shared/contract/commands.ts';
import type { Catalog } from '../shared/model/catalog.ts';
import type { Hardware } from '../shared/model/hardware.ts';
import type { RunOptions } from '../shared/model/run-options.ts';
import type { ToolFolders } from './cache/tool-folders.ts';
import type { Clock, Log } from './contents/context.ts';
import type { Leases } from './coordination/leases.ts';
import type { EventStream } from './event-stream.ts';
import type { HubClient } from './hub/hub-client.ts';
import type { ModelSearch } from './hub/search/model-search.ts';
import type { SeenModels } from './hub/search/seen-models.ts';
import type { HashPool } from './integrity/hash-pool.ts';
import type { UnitWorkers } from './jobs/quantize/threads/unit-workers.ts';
import type { LedgerReader } from './ledger/ledger.ts';
import type { XetClientOf } from './sources/xet/protocol/xet-clients.ts';

/** What every command may use, whether the engine owns the ledger or only reads it. */
export interface EngineParts {
  readonly runId: string;
  /** By which this run knows itself among the computers of its network; says nothing else. */
  readonly networkId: string;
  readonly version: string;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** Every folder that may be a Hugging Face cache. */
  readonly knownCacheDirs: readonly string[];
  /** Where other programs keep models. */
  readonly toolFolders: ToolFolders;
  readonly catalogFile: string;
  readonly hub: HubClient;
  readonly modelSearch: ModelSearch;
  /** Results of earlier searches, for searching without a network. */
  readonly seenModels: SeenModels;
  /** Requests to Xet storage about a file. */
  readonly xetClient: XetClientOf;
  /** In memory only. */
  readonly token: { value: string | null; source: string | null };
  readonly clock: Clock;
  /** Aborted when the engine ends. */
  readonly signal: AbortSignal;
  readonly catalog: () => Promise<Catalog>;
  /** This computer; read once. */
  readonly hardware: () => Promise<Hardware>;
  /** Tests whether any URL is a Hub, without a token. */
  readonly testEndpoint: (address: string) => Promise<EndpointTest>;
  readonly hasher: HashPool;
  /** Starts threads that produce units of a build. */
  readonly startUnitThreads: (size: number) => Promise<UnitWorkers>;
  /** Folder for models that are built here. */
  readonly buildRoot: (settings: Pick<Settings, 'buildRoot'>) => string;
  /** Leases on repository folders of the cache: shared to use one, exclusive to remove it. */
  readonly leases: Leases;
  readonly events: EventStream;
  readonly log: Log;
  /** Access to the Hub with a separate token. */
  readonly accessWith: (token: string) => HubAccess;
}

/** The part of the ledger that may be read in either case. */
export type ReadableLedger = Omit<LedgerReader, 'owner' | 'close'>;

/** Options of one call. */
export interface CallScope {
  /** Aborted when the engine ends, or when the caller no longer wants the answer. */
  readonly signal: AbortSignal;
  /** For the downloads that the call adds or resumes. */
  readonly run: RunOptions;
}

/** Access to the Hub for one account. */
export type HubAccess = Pick<EngineParts, 'hub' | 'xetClient'>;

/** One function for each command of the contract. */
export type CommandHandlers = {
  readonly [N in EngineCommandName]: (args: CommandArgs<N>) => Promise<CommandResult<N>>;
};
