import type { CommandInput, DownloadPlan } from '../../../shared/contract/commands.ts';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { Profile } from '../../../shared/model/download.ts';

/** What the user set in the preview. */
export interface PlanChoice {
  readonly reference: string;
  readonly variant: Precision | null;
  /** Branch, tag or commit; null is what the reference says. */
  readonly revision: string | null;
  /** Patterns as they are written: separated by commas. */
  readonly include: string;
  readonly exclude: string;
  /** Null: as in the settings. */
  readonly profile: Profile | null;
  /** Paths without their tick. */
  readonly unticked: ReadonlySet<string>;
  /** The user saw that the Hub's files are not the catalog's, and wants them. */
  readonly acceptChanged: boolean;
}

/** The patterns in a text: `*.json, docs/` → two. */
export function patternsIn(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/**
 * The pattern that matches exactly this path. Patterns are those of the command line: a slash in front starts at the top, and a
 * backslash takes the meaning from the character after it.
 */
export function exactPattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]{}()!+@|"^$]/g, '\\$&')}`;
}

/** The question for `downloads.plan`: ticks are left out, so that an unticked file stays in the list. */
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

/** The order for `downloads.add`. */
export function addOrder(choice: PlanChoice, plan: DownloadPlan): CommandInput<'downloads.add'> {
  const question = planQuestion(choice);
  const left = plan.files.filter(({ path }) => choice.unticked.has(path));
  return {
    ...question,
    exclude: [...(question.exclude ?? []), ...left.map(({ path }) => exactPattern(path))],
    ...(choice.profile === null ? {} : { profile: choice.profile }),
  };
}

/** What the ticked files come to. */
export interface PlanTotals {
  readonly files: number;
  readonly totalBytes: number;
  readonly presentBytes: number;
  readonly missingBytes: number;
  /** Room to free before the download can end; 0 when there is enough. */
  readonly lackingBytes: number;
}

export function planTotals(plan: DownloadPlan, unticked: ReadonlySet<string>): PlanTotals {
  const ticked = plan.files.filter(({ path }) => !unticked.has(path));
  const totalBytes = ticked.reduce((total, { size }) => total + size, 0);
  // A content that has several paths comes once.
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
