import { useMemo, useState } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { PreviewWish } from '../../stores/navigation-store.ts';
import { useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { withoutCommandLine } from '../../ui/without-command-line.ts';
import { type PlanChoice, planTotals } from './plan-choice.ts';
import styles from './preview.module.css';
import { RemedyButton, StartButton } from './preview-actions.tsx';
import { PreviewFiles } from './preview-files.tsx';
import { PreviewOptions } from './preview-options.tsx';
import { PreviewTotals } from './preview-totals.tsx';
import { usePlan } from './use-plan.ts';
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
  const [choice, setChoice] = useState(() => firstChoice(wish));
  const [attempt, setAttempt] = useState(0);
  /** What the Hub has otherwise than the catalog, in words; kept when the user goes on all the same. */
  const [difference, setDifference] = useState<string | null>(null);
  const { outcome, isAsking } = usePlan(choice, attempt);
  const change = (part: Partial<PlanChoice>) => setChoice((before) => ({ ...before, ...part }));
  const plan = outcome?.ok ? outcome.value : null;
  const error = outcome && !outcome.ok ? outcome.error : null;
  const acceptChanged = () => {
    setDifference(error?.message ?? null);
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
          {plan ? (
            <StartButton {...{ choice, plan, isAsking }} takesFocus={wish.isFromOutside !== true} />
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
      {plan ? <Plan {...{ plan, choice, change, isAsking, difference }} /> : null}
      {plan || error?.code === 'BadRequest' ? (
        <PreviewOptions choice={choice} plan={plan} onChange={change} />
      ) : null}
    </Dialog>
  );
}

function Plan(props: {
  readonly plan: DownloadPlan;
  readonly choice: PlanChoice;
  readonly change: (part: Partial<PlanChoice>) => void;
  readonly isAsking: boolean;
  readonly difference: string | null;
}) {
  const { plan, choice } = props;
  const totals = useMemo(() => planTotals(plan, choice.unticked), [plan, choice.unticked]);
  return (
    <div className={styles.plan} aria-busy={props.isAsking}>
      {choice.acceptChanged ? (
        <p className={styles.changed}>
          {props.difference === null ? null : `${withoutCommandLine(props.difference)} `}
          {words.changed}
        </p>
      ) : null}
      <PreviewFiles
        plan={plan}
        unticked={choice.unticked}
        onChange={(unticked) => props.change({ unticked })}
      />
      <PreviewTotals totals={totals} freeBytes={plan.freeBytes} />
    </div>
  );
}
