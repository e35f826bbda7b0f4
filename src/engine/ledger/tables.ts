import type { Database } from 'better-sqlite3';
import { blobsTable } from './blobs.ts';
import { buildsTable } from './builds.ts';
import { checksTable } from './checks.ts';
import { chunksTable } from './chunks.ts';
import { downloadsTable } from './downloads.ts';
import { eventsTable } from './events.ts';
import { filesTable } from './files.ts';
import { hostsTable } from './hosts.ts';
import { measuredTable } from './measured.ts';
import { parsingTable } from './parsing.ts';
import { pieceProofsTable } from './piece-proofs.ts';
import { publicCommitsTable } from './public-commits.ts';
import { settingsTable } from './settings.ts';

/** The tables of an open ledger. Preparing their statements fails when the database does not have them. */
export const tablesOf = (database: Database) => ({
  downloads: downloadsTable(database),
  files: filesTable(database),
  blobs: blobsTable(database),
  chunks: chunksTable(database),
  proofs: pieceProofsTable(database),
  checks: checksTable(database),
  builds: buildsTable(database),
  events: eventsTable(database),
  settings: settingsTable(database),
  hosts: hostsTable(database),
  parsing: parsingTable(database),
  measured: measuredTable(database),
  publicCommits: publicCommitsTable(database),
});

/** Result of {@link tablesOf}. */
export type LedgerTables = ReturnType<typeof tablesOf>;
