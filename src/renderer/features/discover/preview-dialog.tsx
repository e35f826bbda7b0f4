import { useState } from 'react';
import type { PreviewWish } from '../../stores/navigation-store.ts';
import { useCall, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { addOrder, type PlanChoice, planTotals } from './plan-choice.ts';
import styles from './preview.module.css';
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

function firstChoice({ reference, variant }: PreviewWish): PlanChoice {
  const rest = { include: '', exclude: '', profile: null, acceptChanged: false };
  return { reference, variant: variant ?? null, unticked: new Set(), ...rest };
}

function Preview({ wish }: { readonly wish: PreviewWish }) {
  const close = useNavigation((state) => state.closePreview);
  const [choice, setChoice] = useState(() => firstChoice(wish));
  const [attempt, setAttempt] = useState(0);
  const { outcome, isAsking } = usePlan(choice, attempt);
  const change = (part: Partial<PlanChoice>) => setChoice((before) => ({ ...before, ...part }));
  const plan = outcome?.ok ? outcome.value : null;
  const error = outcome && !outcome.ok ? outcome.error : null;
  return (
    <Dialog
      isOpen
      width="large"
      onClose={close}
      title={words.previewTitle}
      description={
        plan ? words.previewOf(plan.repo, plan.revision, plan.commit) : error ? wish.reference : undefined
      }
      actions={
        <PreviewActions
          {...{ choice, outcome, wish, isAsking, change }}
          retry={() => setAttempt(attempt + 1)}
        />
      }
    >
      {outcome === null ? (
        <p role="status" className={styles.loading}>
          {words.previewLoading(wish.reference)}
        </p>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {plan ? (
        <div className={styles.plan} aria-busy={isAsking}>
          {choice.acceptChanged ? <p className={styles.changed}>{words.changed}</p> : null}
          <PreviewFiles
            plan={plan}
            unticked={choice.unticked}
            onChange={(unticked) => change({ unticked })}
          />
          <PreviewTotals totals={planTotals(plan, choice.unticked)} freeBytes={plan.freeBytes} />
        </div>
      ) : null}
      {plan || error?.code === 'BadRequest' ? (
        <PreviewOptions choice={choice} plan={plan} onChange={change} />
      ) : null}
    </Dialog>
  );
}

function PreviewActions(props: {
  readonly choice: PlanChoice;
  readonly wish: PreviewWish;
  readonly outcome: ReturnType<typeof usePlan>['outcome'];
  readonly isAsking: boolean;
  readonly change: (part: Partial<PlanChoice>) => void;
  readonly retry: () => void;
}) {
  const { choice, outcome, isAsking } = props;
  const { closePreview, showDownload, enterToken } = useNavigation((state) => state);
  const call = useCall();
  const [isBusy, setBusy] = useState(false);
  const cancel = <Button onClick={closePreview}>{outcome?.ok ? words.cancel : words.close}</Button>;
  if (outcome === null) return cancel;
  if (!outcome.ok) {
    const more = remedyOf(outcome.error.code, props.wish, { ...props, enterToken });
    return (
      <>
        {cancel}
        {more === null ? null : (
          <Button look="primary" isBusy={isAsking} onClick={more.act}>
            {more.label}
          </Button>
        )}
      </>
    );
  }
  const { files, missingBytes } = planTotals(outcome.value, choice.unticked);
  const start = async () => {
    setBusy(true);
    const added = await call('downloads.add', addOrder(choice, outcome.value));
    setBusy(false);
    if (added.ok) showDownload(added.value.id);
  };
  return (
    <>
      {cancel}
      <Button look="primary" disabled={files === 0} isBusy={isBusy || isAsking} onClick={() => void start()}>
        {startLabel(missingBytes, choice.acceptChanged)}
      </Button>
    </>
  );
}

function startLabel(missingBytes: number, acceptChanged: boolean): string {
  if (acceptChanged) return words.acceptChanged(missingBytes);
  return missingBytes === 0 ? words.nothingToFetch : words.start(missingBytes);
}

/** The one button that helps against an error. */
function remedyOf(
  code: string,
  wish: PreviewWish,
  acts: {
    readonly change: (part: Partial<PlanChoice>) => void;
    readonly retry: () => void;
    readonly enterToken: (wish: PreviewWish) => void;
  },
): { readonly label: string; readonly act: () => void } | null {
  switch (code) {
    case 'Gated':
    case 'AuthRequired':
      return { label: words.enterToken, act: () => acts.enterToken(wish) };
    case 'ChangedUpstream':
      return { label: words.showChanged, act: () => acts.change({ acceptChanged: true }) };
    case 'BadRequest':
    case 'PathUnsafe':
      return null;
    default:
      return { label: words.tryAgain, act: acts.retry };
  }
}
