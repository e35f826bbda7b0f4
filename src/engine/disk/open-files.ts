/**
 * Files that are always open: those of Node and its threads, the ledger, and a connection for each attempt. Measured on
 * Linux: 35 before the first byte, and at most 16 attempts.
 */
const ALWAYS_OPEN = 56;
/** Files open at once for one content being downloaded: its partial, and a file or folder that is hashed or synced. */
const PER_CONTENT = 2;
/** Usual number of concurrent downloads. */
const DOWNLOADS = 2;

/**
 * Decides how many contents each download handles at once, so that the number of open files stays within the system's
 * limit.
 */
export class OpenFiles {
  #room: number;

  /** `limit` is the number of files that this process may have open. */
  constructor(limit: number = openFilesLimit()) {
    this.#room = Math.floor((limit - ALWAYS_OPEN) / (PER_CONTENT * DOWNLOADS));
  }

  /** Returns at most `wanted`, and at least one. */
  lanes(wanted: number): number {
    return Math.max(1, Math.min(wanted, this.#room));
  }

  /** The system refused to open another file while a download had `lanes` of them: halves the number from now on. */
  refused(lanes: number): void {
    this.#room = Math.floor(Math.min(lanes, this.#room) / 2);
  }
}

/** True for a failure caused by too many open files, in this process or on the whole system. */
export function isOutOfFiles({ details }: { readonly details: Readonly<Record<string, unknown>> }): boolean {
  return details.errno === 'EMFILE' || details.errno === 'ENFILE';
}

/**
 * Returns the number of files that the system lets this process have open (`ulimit -n`); Infinity when there is no
 * limit or it is not reported. Call before there are connections: the report names their hosts, and resolves the names.
 */
function openFilesLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
