/**
 * Files that are open whatever is downloaded: those of Node and its threads, the ledger, and a connection for each stream. Measured
 * on Linux: 35 before the first byte, and at most 16 streams.
 */
const ALWAYS_OPEN = 56;
/** Open at once for one content that is brought: its partial, and a file or folder that is hashed or synced. */
const PER_CONTENT = 2;
/** Downloads that run at once as a rule. */
const DOWNLOADS = 2;

/** How many contents each download brings at once, so that the files which are open stay within what the system allows. */
export class OpenFiles {
  #room: number;

  /** `limit` is the number of files that this process may have open. */
  constructor(limit: number = openFilesLimit()) {
    this.#room = Math.floor((limit - ALWAYS_OPEN) / (PER_CONTENT * DOWNLOADS));
  }

  /** At most `wanted`, and at least one. */
  lanes(wanted: number): number {
    return Math.max(1, Math.min(wanted, this.#room));
  }

  /** The system refused to open one more while a download had `lanes` of them: half as many from now on. */
  refused(lanes: number): void {
    this.#room = Math.floor(Math.min(lanes, this.#room) / 2);
  }
}

/** True for a failure whose reason is that too many files are open, here or on the whole system. */
export function isOutOfFiles({ details }: { readonly details: Readonly<Record<string, unknown>> }): boolean {
  return details.errno === 'EMFILE' || details.errno === 'ENFILE';
}

/**
 * The number of files that the system lets this process have open (`ulimit -n`); Infinity where there is no limit or it is not told.
 * To be asked before there are connections: the report names the hosts of those, and looks the names up.
 */
function openFilesLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
