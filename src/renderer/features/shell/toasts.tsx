import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import type { Toast } from '../../stores/toasts-store.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './toasts.module.css';
import { words } from './words.ts';

/** The notices at the lower edge. Failures stay until they are dismissed; see `toasts-store.ts` for how to show one. */
export function Toasts(props: {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}) {
  return (
    <section className={styles.stack} aria-label={words.notices}>
      {props.toasts.map((toast) => (
        <div key={toast.id} className={styles.toast} role={toast.tone === 'bad' ? 'alert' : 'status'}>
          {toast.tone === 'bad' ? (
            <TriangleAlert size={16} aria-hidden="true" className={styles.bad} />
          ) : (
            <CircleCheck size={16} aria-hidden="true" className={styles.good} />
          )}
          <p className={styles.text} data-selectable>
            {toast.text}
          </p>
          {toast.action === undefined ? null : (
            <Button
              size="small"
              onClick={() => {
                props.onDismiss(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton
            label={words.dismiss}
            icon={<X size={14} />}
            onClick={() => props.onDismiss(toast.id)}
          />
        </div>
      ))}
    </section>
  );
}
