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

/** What every command may work with, whether the engine owns the ledger or only reads it. */
export interface EngineParts {
  readonly runId: string;
  readonly version: string;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** Every folder in which a Hugging Face cache may be. */
  readonly knownCacheDirs: readonly string[];
  /** Where other programs keep models. */
  readonly toolFolders: ToolFolders;
  readonly catalogFile: string;
  readonly hub: HubClient;
  readonly modelSearch: ModelSearch;
  /** What searches brought, for searching without a network. */
  readonly seenModels: SeenModels;
  /** Questions to Xet storage about a file. */
  readonly xetClient: XetClientOf;
  /** In memory only. */
  readonly token: { value: string | null; source: string | null };
  readonly clock: Clock;
  /** Aborted when the engine ends. */
  readonly signal: AbortSignal;
  readonly catalog: () => Promise<Catalog>;
  /** This machine; read once. */
  readonly hardware: () => Promise<Hardware>;
  /** Asks any address whether it is a Hub, without a token. */
  readonly testEndpoint: (address: string) => Promise<EndpointTest>;
  readonly hasher: HashPool;
  /** Starts threads that make units of a build. */
  readonly startUnitThreads: (size: number) => Promise<UnitWorkers>;
  /** Folder for models that are made here. */
  readonly buildRoot: (settings: Pick<Settings, 'buildRoot'>) => string;
  /** On repository folders of the cache: shared by those who use one, exclusive for who removes it. */
  readonly leases: Leases;
  readonly events: EventStream;
  readonly log: Log;
  /** The ways to the Hub with a token of its own. */
  readonly accessWith: (token: string) => HubAccess;
}

/** What may be read of the ledger in either case. */
export type ReadableLedger = Omit<LedgerReader, 'owner' | 'close'>;

/** What holds for one call only. */
export interface CallScope {
  /** Aborted when the engine ends, or when the caller does not want the answer any more. */
  readonly signal: AbortSignal;
  /** For the downloads that the call adds or resumes. */
  readonly run: RunOptions;
}

/** The ways to the Hub for one account. */
export type HubAccess = Pick<EngineParts, 'hub' | 'xetClient'>;

/** One function for each command of the contract. */
export type CommandHandlers = {
  readonly [N in EngineCommandName]: (args: CommandArgs<N>) => Promise<CommandResult<N>>;
};
