import { useMemo } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { AccessCheck } from '../../../shared/contract/search-commands.ts';
import type { FileChoice } from '../../../shared/model/file-choice.ts';
import type { ModelCard } from '../../../shared/model/search.ts';
import { sortFiles } from '../../../shared/weights/weight-sets.ts';
import { useAnswer } from '../card/use-answer.ts';

/** Facts about a model besides its files; null when unknown or not yet known. */
export interface ModelFacts {
  readonly card: ModelCard | null;
  readonly choice: FileChoice | null;
  readonly access: AccessCheck | null;
  /** False while the Hub would not give the files to this user. */
  readonly isOpen: boolean;
  /** A request that the choice depends on is running. */
  readonly isAsking: boolean;
  readonly isAskingAccess: boolean;
  readonly checkAccess: () => void;
}

/** Requests them once the plan has the repository. Unknown facts prevent nobody from downloading. */
export function useModelFacts(plan: DownloadPlan | null): ModelFacts {
  const about = plan === null ? null : { reference: plan.repo, revision: plan.commit };
  const card = useAnswer('models.card', about);
  const facts = card.outcome?.ok ? card.outcome.value : null;
  const hasVersions = useMemo(() => plan !== null && isChoice(plan), [plan]);
  const files = useAnswer('models.files', hasVersions ? about : null);
  const isGated = facts !== null && facts.model.gated !== false;
  const access = useAnswer('models.access', isGated && plan !== null ? { reference: plan.repo } : null);
  const known = access.outcome?.ok ? access.outcome.value : null;
  return {
    card: facts,
    choice: files.outcome?.ok ? files.outcome.value : null,
    access: known,
    isOpen: known === null || known.state === 'granted',
    isAsking: files.isAsking || (access.isAsking && known === null),
    isAskingAccess: access.isAsking,
    checkAccess: access.again,
  };
}

/**
 * True when there are several sets of weights to choose from. A variant of the catalog is a choice that was made
 * already.
 */
function isChoice({ model, files }: DownloadPlan): boolean {
  return model === null && sortFiles(files).sets.length > 1;
}
