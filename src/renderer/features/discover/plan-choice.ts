import type { CommandInput, DownloadPlan } from '../../../shared/contract/commands.ts';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { Profile } from '../../../shared/model/download.ts';

/** The user's settings in the preview. */
export interface PlanChoice {
  readonly reference: string;
  readonly variant: Precision | null;
  /** Branch, tag or commit; null for that of the reference. */
  readonly revision: string | null;
  /** Patterns as typed: separated by commas. */
  readonly include: string;
  readonly exclude: string;
  /** Null: as in the settings. */
  readonly profile: Profile | null;
  /** Unchecked paths. */
  readonly unticked: ReadonlySet<string>;
  /** True when the user saw that the Hub's files differ from the catalog's, and wants them. */
  readonly acceptChanged: boolean;
}

/** Splits the patterns in a text: `*.json, docs/` → two. */
export function patternsIn(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/**
 * Returns the pattern that matches exactly this path. Patterns are those of the command line: a leading slash anchors
 * at the top, and a backslash makes the next character literal.
 */
export function exactPattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]{}()!+@|"^$]/g, '\\$&')}`;
}

/** Returns the arguments of `downloads.plan`: checkmarks are left out, so that an unchecked file stays in the list. */
export function planQuestion(choice: PlanChoice): CommandInput<'downloads.plan'> {
  return {
    reference: choice.reference,
    ...(choice.variant === null ? {} : { variant: choice.variant }),
    ...(choice.revision === null ? {} : { revision: choice.revision }),
    include: patternsIn(choice.include),
    exclude: patternsIn(choice.exclude),
    acceptChanged: choice.acceptChanged,
  };
}

/** Returns the arguments of `downloads.add`. */
export function addOrder(choice: PlanChoice, plan: DownloadPlan): CommandInput<'downloads.add'> {
  const question = planQuestion(choice);
  const left = plan.files.filter(({ path }) => choice.unticked.has(path));
  return {
    ...question,
    exclude: [...(question.exclude ?? []), ...left.map(({ path }) => exactPattern(path))],
    ...(choice.profile === null ? {} : { profile: choice.profile }),
  };
}

/** Totals of the checked files. */
export interface PlanTotals {
  readonly files: number;
  readonly totalBytes: number;
  readonly presentBytes: number;
  readonly missingBytes: number;
  /** Space to free before the download can finish; 0 when there is enough. */
  readonly lackingBytes: number;
}

export function planTotals(plan: DownloadPlan, unticked: ReadonlySet<string>): PlanTotals {
  const ticked = plan.files.filter(({ path }) => !unticked.has(path));
  const totalBytes = ticked.reduce((total, { size }) => total + size, 0);
  // A content with several paths is downloaded once.
  const missing = new Map(ticked.map(({ hash, size, presentBytes }) => [hash, size - presentBytes]));
  const missingBytes = [...missing.values()].reduce((total, bytes) => total + bytes, 0);
  const neededBytes = missingBytes === 0 ? 0 : missingBytes + plan.reserveBytes;
  return {
    files: ticked.length,
    totalBytes,
    presentBytes: totalBytes - missingBytes,
    missingBytes,
    lackingBytes: plan.freeBytes === null ? 0 : Math.max(0, neededBytes - plan.freeBytes),
  };
}
