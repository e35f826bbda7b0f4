import { useEffect, useMemo, useRef } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { FileChoice, JudgedSet } from '../../../shared/model/file-choice.ts';

/** Returns the sets of weights among the files of a plan; null when there is nothing to choose. */
export function choiceAmong(choice: FileChoice | null, plan: DownloadPlan | null): FileChoice | null {
  if (choice === null || plan === null || choice.repo !== plan.repo || plan.model !== null) return null;
  const paths = new Set(plan.files.map(({ path }) => path));
  // Filters of the reference or of the user may have left some out.
  const sets = choice.sets.filter((set) => set.paths.every((path) => paths.has(path)));
  return sets.length < 2 ? null : { ...choice, sets };
}

/** Returns the paths to uncheck when this set is taken: those of all other sets, and those that belong to none. */
export function untickedBy(set: JudgedSet, choice: FileChoice, plan: DownloadPlan): ReadonlySet<string> {
  const wanted = new Set([...set.paths, ...choice.companions]);
  return new Set(plan.files.map(({ path }) => path).filter((path) => !wanted.has(path)));
}

/** Returns the id of the set that matches the checkmarks; null when they were set one by one. */
export function chosenSet(
  choice: FileChoice,
  plan: DownloadPlan,
  unticked: ReadonlySet<string>,
): string | null {
  const isTaken = (set: JudgedSet) => {
    const expected = untickedBy(set, choice, plan);
    return expected.size === unticked.size && [...expected].every((path) => unticked.has(path));
  };
  return choice.sets.find(isTaken)?.id ?? null;
}

/** Applies the proposed set once, when it is known. */
export function useProposal(
  choice: FileChoice | null,
  plan: DownloadPlan | null,
  take: (unticked: ReadonlySet<string>) => void,
): FileChoice | null {
  const among = useMemo(() => choiceAmong(choice, plan), [choice, plan]);
  const isTaken = useRef(false);
  useEffect(() => {
    if (isTaken.current || among === null || plan === null) return;
    isTaken.current = true;
    const proposed = among.sets.find(({ id }) => id === among.proposed);
    if (proposed) take(untickedBy(proposed, among, plan));
  });
  return among;
}
