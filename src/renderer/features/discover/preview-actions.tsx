import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { ErrorData } from '../../../shared/contract/errors.ts';
import type { PreviewWish } from '../../stores/navigation-store.ts';
import { useCall, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { addOrder, type PlanChoice, planTotals } from './plan-choice.ts';
import { remedyOf } from './preview-remedy.ts';
import { words } from './words.ts';

/** A button that takes the focus when it appears, so that Return does what is expected. */
function useFirstFocus(isWanted = true): RefObject<HTMLButtonElement | null> {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isWanted) ref.current?.focus();
  }, [isWanted]);
  return ref;
}

/** Starts the download as configured. */
export function StartButton(props: {
  readonly choice: PlanChoice;
  readonly plan: DownloadPlan;
  readonly isAsking: boolean;
  /** False for a request from outside: a Return that was meant for something else must not start it. */
  readonly takesFocus: boolean;
}) {
  const { choice, plan } = props;
  const showDownload = useNavigation((state) => state.showDownload);
  const call = useCall();
  const ref = useFirstFocus(props.takesFocus);
  const [isBusy, setBusy] = useState(false);
  const { files, missingBytes } = useMemo(() => planTotals(plan, choice.unticked), [plan, choice.unticked]);
  const start = async () => {
    setBusy(true);
    const added = await call('downloads.add', addOrder(choice, plan));
    setBusy(false);
    if (added.ok) showDownload(added.value.id);
  };
  return (
    <Button
      ref={ref}
      look="primary"
      disabled={files === 0}
      isBusy={isBusy || props.isAsking}
      onClick={() => void start()}
    >
      {startLabel(missingBytes, choice.acceptChanged)}
    </Button>
  );
}

function startLabel(missingBytes: number, acceptChanged: boolean): string {
  if (acceptChanged) return words.acceptChanged(missingBytes);
  return missingBytes === 0 ? words.nothingToFetch : words.start(missingBytes);
}

/** The button that helps against an error; nothing if there is none. */
export function RemedyButton(props: {
  readonly error: ErrorData;
  readonly wish: PreviewWish;
  readonly isAsking: boolean;
  readonly acceptChanged: () => void;
  readonly tryAgain: () => void;
}): ReactNode {
  const enterToken = useNavigation((state) => state.enterToken);
  const ref = useFirstFocus();
  const remedy = remedyOf(props.error.code);
  if (remedy === null) return null;
  const acts = {
    'enter-token': () => enterToken(props.wish),
    'accept-changed': props.acceptChanged,
    'try-again': props.tryAgain,
  };
  return (
    <Button ref={ref} look="primary" isBusy={props.isAsking} onClick={acts[remedy]}>
      {words.remedies[remedy]}
    </Button>
  );
}
