import type { EventBody } from '../../../shared/contract/events.ts';
import type { RoundingRule } from '../../../shared/model/build.ts';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { Clock, Log } from '../../contents/context.ts';
import type { Leases } from '../../coordination/leases.ts';
import type { DiskBudget } from '../../disk/disk-budget.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { UnitWorkers } from './threads/unit-workers.ts';

/** Everything builds depend on, created once by the engine. */
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
  /** SHA-256 of a file recorded in the ledger or the catalog; null when neither has it. */
  readonly hashOf: (repo: string, commit: string, path: string) => string | null;
  /** The catalog's entry for a variant that is built here; null when there is none. */
  readonly catalogEntry: (repo: string, variant: Precision) => CatalogEntry | null;
}

/** The catalog's data about a variant that is built here. */
export interface CatalogEntry {
  /** Name for people. */
  readonly name: string;
  readonly license: string;
  /** Expected SHA-256 of the file; null while nobody has recorded it. */
  readonly outputSha256: (rule: RoundingRule) => string | null;
}
