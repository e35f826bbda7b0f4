import type { EventBody } from '../../../shared/contract/events.ts';
import type { RoundingRule } from '../../../shared/model/build.ts';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { Clock, Log } from '../../contents/context.ts';
import type { Leases } from '../../coordination/leases.ts';
import type { DiskBudget } from '../../disk/disk-budget.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { UnitWorkers } from './threads/unit-workers.ts';

/** Everything that builds are made of, built once by the engine. */
export interface BuildContext {
  readonly ledger: Pick<Ledger, 'builds' | 'measured' | 'transaction' | 'sync'>;
  readonly hasher: Pick<HashPool, 'hash' | 'openStream' | 'openPart'>;
  /** Shared on the source's repository while it is read, so that nobody removes it. */
  readonly leases: Pick<Leases, 'acquire'>;
  readonly diskBudget: Pick<DiskBudget, 'claim' | 'requireRoom'>;
  readonly clock: Clock;
  readonly emit: (body: EventBody) => void;
  readonly log: Log;
  /** For `haulyard.json`: `haulyard 1.2.0`. */
  readonly tool: string;
  /** False where nobody would see a build wait for a disk or its source: then it fails instead. */
  readonly waitsForDisk: boolean;
  readonly startWorkers: (size: number) => Promise<UnitWorkers>;
  /** Threads unless a build names a number. */
  readonly defaultWorkers: number;
  /** SHA-256 of a file as the ledger or the catalog knows it; null when neither does. */
  readonly hashOf: (repo: string, commit: string, path: string) => string | null;
  /** What the catalog says of a variant that is made here; null when it says nothing. */
  readonly catalogEntry: (repo: string, variant: Precision) => CatalogEntry | null;
}

/** What the catalog knows of a variant that is made here. */
export interface CatalogEntry {
  /** Name for people. */
  readonly name: string;
  readonly license: string;
  /** SHA-256 of the file that must come out; null while nobody has recorded it. */
  readonly outputSha256: (rule: RoundingRule) => string | null;
}
