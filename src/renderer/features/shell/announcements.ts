import { percentOf } from '../../../shared/format/percent.ts';
import { words } from './words.ts';

/** What is told of one download or build. */
export interface Told {
  readonly id: string;
  readonly name: string;
  /** In words; a change of it is said. */
  readonly state: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What is said aloud: the last sentence of each change of state, and each full quarter. Nothing in between. */
export function announcements(before: readonly Told[], after: readonly Told[]): readonly string[] {
  const known = new Map(before.map((told) => [told.id, told]));
  return after.flatMap((told) => {
    const old = known.get(told.id);
    if (!old) return [words.announce.added(told.name)];
    if (old.state !== told.state) return [words.announce.state(told.name, told.state)];
    const quarter = quarterOf(told);
    return quarter > quarterOf(old) && quarter < 4 ? [words.announce.percent(told.name, quarter * 25)] : [];
  });
}

function quarterOf({ doneBytes, totalBytes }: Told): number {
  return Math.floor(percentOf(doneBytes, totalBytes) / 25);
}
