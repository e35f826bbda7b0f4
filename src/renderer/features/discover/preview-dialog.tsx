import { type ReactNode, useMemo, useState } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import { formatChange } from '../../../shared/format/change.ts';
import type { FileChoice } from '../../../shared/model/file-choice.ts';
import type { PreviewWish } from '../../stores/navigation-store.ts';
import { useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { AboutModel } from '../card/about-model.tsx';
import { AccessNote } from '../card/access-note.tsx';
import { SetChoice } from '../card/set-choice.tsx';
import { type PlanChoice, planTotals } from './plan-choice.ts';
import styles from './preview.module.css';
import { RemedyButton, StartButton } from './preview-actions.tsx';
import { PreviewFiles } from './preview-files.tsx';
import { PreviewOptions } from './preview-options.tsx';
import { PreviewTotals } from './preview-totals.tsx';
import { useModelFacts } from './use-model-facts.ts';
import { usePlan } from './use-plan.ts';
import { chosenSet, untickedBy, useProposal } from './use-weight-choice.ts';
import { words } from './words.ts';

/** Shows the files of a reference, and starts nothing without a press. Open while `navigation.preview` is set. */
export function PreviewDialog() {
  const wish = useNavigation((state) => state.preview);
  return wish === null ? null : <Preview key={JSON.stringify(wish)} wish={wish} />;
}

function firstChoice({ reference, variant, revision }: PreviewWish): PlanChoice {
  const rest = { include: '', exclude: '', profile: null, acceptChanged: false };
  return { reference, variant: variant ?? null, revision: revision ?? null, unticked: new Set(), ...rest };
}

function Preview({ wish }: { readonly wish: PreviewWish }) {
  const close = useNavigation((state) => state.closePreview);
  const enterToken = useNavigation((state) => state.enterToken);
  const [choice, setChoice] = useState(() => firstChoice(wish));
  const [attempt, setAttempt] = useState(0);
  /** How the files differ from the catalog's, in words; kept when the user wants them all the same. */
  const [difference, setDifference] = useState<string | null>(null);
  const { outcome, isAsking } = usePlan(choice, attempt);
  const change = (part: Partial<PlanChoice>) => setChoice((before) => ({ ...before, ...part }));
  const plan = outcome?.ok ? outcome.value : null;
  const model = useModelFacts(plan);
  const weights = useProposal(model.choice, plan, (unticked) => change({ unticked }));
  const error = outcome && !outcome.ok ? outcome.error : null;
  const acceptChanged = () => {
    setDifference(formatChange(error?.details ?? {}));
    change({ acceptChanged: true });
  };
  return (
    <Dialog
      isOpen
      width="large"
      isFocusInside={wish.isFromOutside !== true}
      onClose={close}
      title={words.previewTitle(plan?.repo ?? wish.reference)}
      {...(plan ? { description: words.previewOf(plan.revision, plan.commit) } : {})}
      actions={
        <>
          <Button onClick={close}>{error ? words.close : words.cancel}</Button>
          {plan && model.isOpen ? (
            <StartButton
              {...{ choice, plan }}
              isAsking={isAsking || model.isAsking}
              takesFocus={wish.isFromOutside !== true}
            />
          ) : null}
          {error ? (
            <RemedyButton
              {...{ error, wish, isAsking, acceptChanged }}
              tryAgain={() => setAttempt(attempt + 1)}
            />
          ) : null}
        </>
      }
    >
      {outcome === null ? (
        <p role="status" className={styles.loading}>
          {words.previewLoading(wish.reference)}
        </p>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {model.access === null ? null : (
        <AccessNote
          access={model.access}
          isAsking={model.isAskingAccess}
          onEnterToken={() => enterToken(wish)}
          onCheckAgain={model.checkAccess}
        />
      )}
      {plan ? <Plan {...{ plan, weights, choice, change, isAsking, difference }} /> : null}
      {plan || error?.code === 'BadRequest' ? (
        <PreviewOptions choice={choice} plan={plan} onChange={change} />
      ) : null}
      {model.card === null ? null : <AboutModel card={model.card} />}
    </Dialog>
  );
}

function Plan(props: {
  readonly plan: DownloadPlan;
  /** Null where there is nothing to choose. */
  readonly weights: FileChoice | null;
  readonly choice: PlanChoice;
  readonly change: (part: Partial<PlanChoice>) => void;
  readonly isAsking: boolean;
  readonly difference: string | null;
}) {
  const { plan, choice, weights } = props;
  const totals = useMemo(() => planTotals(plan, choice.unticked), [plan, choice.unticked]);
  return (
    <div className={styles.plan} aria-busy={props.isAsking}>
      {choice.acceptChanged ? (
        <p className={styles.changed}>
          {props.difference === null ? null : `${props.difference} `}
          {words.changed}
        </p>
      ) : null}
      {weights === null ? null : (
        <SetChoice
          choice={weights}
          value={chosenSet(weights, plan, choice.unticked)}
          onChange={(set) => props.change({ unticked: untickedBy(set, weights, plan) })}
        />
      )}
      <Files isFolded={weights !== null}>
        <PreviewFiles
          plan={plan}
          unticked={choice.unticked}
          onChange={(unticked) => props.change({ unticked })}
        />
      </Files>
      <PreviewTotals totals={totals} freeBytes={plan.freeBytes} />
    </div>
  );
}

/** A user who chose a version need not see its files. */
function Files({ isFolded, children }: { readonly isFolded: boolean; readonly children: ReactNode }) {
  if (!isFolded) return children;
  return (
    <details>
      <summary className={styles.summary}>{words.files}</summary>
      {children}
    </details>
  );
}
