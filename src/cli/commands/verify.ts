import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';
import type { VerifiedFile, VerifyReport } from '../../shared/model/library.ts';
import { isActive } from '../../shared/projection/totals.ts';
import type { Access } from '../connect.ts';
import { EXIT } from '../exit-codes.ts';
import type { Installed } from '../invocation.ts';
import { printJson, verifyJson } from '../output/json-lines.ts';
import { printLine, printNotice, printProblem } from '../output/print.ts';
import { createWaiting } from '../output/waiting.ts';
import { type Session, withEngine } from '../session.ts';
import { installedArgs } from './installed-args.ts';

/** Arguments of `verify`. */
export interface VerifyOptions extends Installed {
  readonly quick: boolean;
  readonly repair: boolean;
  /** Rebuild built models in memory, and compare. */
  readonly againstSource: boolean;
}

/** Ids of the owner's own work, which is not this command's concern. */
async function runningIds(engine: ConnectedEngine): Promise<ReadonlySet<string>> {
  const { downloads } = await engine.call('snapshot', {});
  return new Set(downloads.filter(isActive).map(({ id }) => id));
}

/**
 * `verify`: exit code 0 when every file is correct (or was repaired), 5 when one is not, 9 when one could not be
 * checked.
 */
export async function runVerify(session: Session, options: VerifyOptions): Promise<number> {
  const report = await verifyAsAllowed(session, options);
  if (session.global.json) printJson(session.io.stdout, verifyJson(report));
  else printReport(session, report, options);
  if (report.ok === null) return EXIT.unchecked;
  return report.ok ? EXIT.done : EXIT.integrity;
}

/**
 * Uses the live engine, so that the ledger records the result. When that is impossible (an owner of another version, or
 * one with another cache), a read-only check is allowed all the same.
 */
async function verifyAsAllowed(session: Session, options: VerifyOptions): Promise<VerifyReport> {
  try {
    return await verify(session, options, 'owner');
  } catch (cause) {
    const isElsewhere =
      cause instanceof AppError && (cause.code === 'LedgerBusy' || cause.details.disagreement === true);
    if (!isElsewhere || options.repair) throw cause;
    return verify(session, options, 'reader');
  }
}

function verify(session: Session, options: VerifyOptions, access: Access): Promise<VerifyReport> {
  return withEngine(session, { access }, async (engine) => {
    const waiting = createWaiting(session);
    const others = engine.owner === null ? new Set() : await runningIds(engine);
    const unsubscribe = engine.on((event) => {
      if (!others.has(event.download)) waiting.take(event);
    });
    try {
      const { quick, repair, againstSource } = options;
      const more = againstSource ? { againstSource } : {};
      return await engine.call('library.verify', { ...installedArgs(options), quick, repair, ...more });
    } finally {
      unsubscribe();
      waiting.stop();
    }
  });
}

function printReport(session: Session, report: VerifyReport, { quick }: VerifyOptions): void {
  const { files, ok } = report;
  for (const file of files) {
    if (file.ok === false) printProblem(session, badFileWords(file));
  }
  const unchecked = files.filter((file) => file.ok === null);
  if (unchecked.length > 0) printProblem(session, uncheckedWords(unchecked, report.uncheckedBecause));
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  if (ok) {
    const [first] = files;
    const day = first ? ` (${formatDay(first.checkedAt)})` : '';
    printNotice(
      session,
      `Verified: ${count}, ${quick ? 'sizes and headers' : 'every byte'} as expected${day}.`,
    );
  } else if (ok === false) {
    const bad = files.filter((file) => file.ok === false).length;
    printLine(session, `${bad} of ${count} damaged. To bring back only what is damaged, add --repair.`);
  }
}

/** Maximum number of names shown of files that could not be checked. */
const NAMES_SHOWN = 5;

/** Which files could not be checked, and why. */
function uncheckedWords(files: readonly VerifiedFile[], because: string | undefined): string {
  const names = files.slice(0, NAMES_SHOWN).map(({ path }) => path);
  const more = files.length > names.length ? ` and ${files.length - names.length} more` : '';
  const why = because ?? 'Hugging Face doesn’t list them at this commit.';
  return `Could not be checked, because their checksums aren’t known: ${names.join(', ')}${more}. ${why}`;
}

/** Maximum number of damaged places shown for a file. */
const PARTS_SHOWN = 10;

/** What is wrong with a file: expected, found, and where. */
export function badFileWords({ path, expected, actual, badChunks, badParts = [] }: VerifiedFile): string {
  const where = badChunks.length === 0 ? '' : `; damaged chunks: ${badChunks.join(', ')}`;
  const parts = badParts
    .slice(0, PARTS_SHOWN)
    .map(({ start, end }) => `${formatBytes(end - start)} at byte ${start}`);
  const more = badParts.length > parts.length ? ` and ${badParts.length - parts.length} more` : '';
  const pieces = parts.length === 0 ? '' : `; damaged parts: ${parts.join(', ')}${more}`;
  return `${path} is damaged: expected ${expected}, found ${actual}${where}${pieces}.`;
}
