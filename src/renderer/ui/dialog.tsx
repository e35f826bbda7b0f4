import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';

export interface DialogProps {
  readonly isOpen: boolean;
  /** Called for Escape, a click outside, or a button inside that calls it. */
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence under the title; read out when the dialog opens. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the primary one last: `<Button>Keep</Button><Button look="primary">Delete</Button>`. */
  readonly actions: ReactNode;
  readonly width?: 'small' | 'large';
  /** False to leave the focus on the dialog itself, so that no button is one key away. */
  readonly isFocusInside?: boolean;
}

/** A key that was meant for something else when the dialog opened must not press its buttons, in milliseconds. */
const DEAF_MS = 500;

/** A modal question or sheet. Focus moves into it when it opens and returns when it closes. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  children,
  actions,
  width = 'small',
  isFocusInside = true,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup
          ref={popup}
          className={classNames(styles.dialog, styles[width])}
          {...(isFocusInside ? {} : { initialFocus: popup })}
        >
          <DeafAtFirst>
            <BaseDialog.Title className={styles.title}>{title}</BaseDialog.Title>
            {description === undefined ? null : (
              <BaseDialog.Description className={styles.description}>{description}</BaseDialog.Description>
            )}
            {children === undefined || children === null ? null : (
              <div className={styles.body}>{children}</div>
            )}
            <div className={styles.actions}>{actions}</div>
          </DeafAtFirst>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Return and Space do nothing inside for the first half second. */
function DeafAtFirst({ children }: { readonly children: ReactNode }) {
  const openedMs = useRef(performance.now());
  const guard = (event: KeyboardEvent) => {
    const isPress = event.key === 'Enter' || event.key === ' ';
    if (!isPress || performance.now() - openedMs.current >= DEAF_MS) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.inside} onKeyDownCapture={guard} onKeyUpCapture={guard}>
      {children}
    </div>
  );
}
