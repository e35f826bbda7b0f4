import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { RowActions } from '../download/row-actions.ts';
import type { RowAction } from '../download/row-text.ts';
import { useRowText } from '../download/use-row-text.ts';
import { words } from '../download/words.ts';
import styles from './state-line.module.css';

const LABELS: Readonly<Record<RowAction, string>> = {
  'start-now': words.startNow,
  'try-now': words.tryNow,
  'try-again': words.tryAgain,
  'enter-token': words.enterToken,
  'accept-change': words.acceptChange,
  remove: words.removeFromList,
};

/** What happened, what is safe, what happens next, and one button; details expand. */
export function StateLine(props: {
  readonly view: DownloadView;
  readonly actions: RowActions;
  readonly onAcceptChange: () => void;
}) {
  const { view, actions } = props;
  const row = useRowText(view);
  const act = useAct(props);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className={styles.line}>
        <p className={classNames(styles.text, styles[row.tone])} data-testid="state-text">
          {row.text}
        </p>
        {row.details === null ? null : (
          <button
            type="button"
            className={styles.fold}
            aria-expanded={isOpen}
            onClick={() => setOpen((open) => !open)}
          >
            <ChevronRight size={12} aria-hidden="true" />
            {words.details}
          </button>
        )}
        {row.action === null ? null : (
          <span className={styles.action}>
            <Button size="small" onClick={() => row.action !== null && act(row.action)}>
              {LABELS[row.action]}
            </Button>
          </span>
        )}
      </div>
      {isOpen && row.details !== null ? (
        <div className={styles.details}>
          <pre data-selectable>{row.details}</pre>
          <Button
            size="small"
            look="plain"
            onClick={() => row.details !== null && actions.copy(row.details, words.copied)}
          >
            {words.copyDetails}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function useAct({
  view,
  actions,
  onAcceptChange,
}: Parameters<typeof StateLine>[0]): (action: RowAction) => void {
  const { navigation } = useStores();
  return (action) => {
    switch (action) {
      case 'start-now':
        return actions.startNow(view.id);
      case 'try-now':
        return actions.tryNow(view.id);
      case 'try-again':
        return actions.resume(view.id);
      case 'enter-token':
        return navigation.getState().wantFocus('token');
      case 'accept-change':
        return onAcceptChange();
      case 'remove':
        return actions.remove(view);
    }
  };
}
