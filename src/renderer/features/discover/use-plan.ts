import { useEffect, useState } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { Outcome } from '../../../shared/contract/envelope.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { type PlanChoice, planQuestion } from './plan-choice.ts';

/** The last result, and whether another request is running. */
export interface PlanAnswer {
  readonly outcome: Outcome<DownloadPlan> | null;
  readonly isAsking: boolean;
}

/** Filters are typed letter by letter; the Hub is asked when typing pauses. */
const REST_MS = 450;

/** Asks the Hub what `choice` would download, again whenever it or `attempt` changes. */
export function usePlan(choice: PlanChoice, attempt: number): PlanAnswer {
  const { bridge } = useStores();
  const question = JSON.stringify([planQuestion(choice), attempt]);
  const [answer, setAnswer] = useState<{ question: string; outcome: Outcome<DownloadPlan> } | null>(null);
  const isFirst = answer === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is all that matters of the choice.
  useEffect(() => {
    let isWanted = true;
    const ask = async () => {
      const outcome = await bridge.call('downloads.plan', planQuestion(choice));
      if (isWanted) setAnswer({ question, outcome });
    };
    const timer = setTimeout(() => void ask(), isFirst ? 0 : REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [bridge, question]);
  return { outcome: answer?.outcome ?? null, isAsking: answer?.question !== question };
}
