import { LockKeyhole } from 'lucide-react';
import type { AccessCheck } from '../../../shared/contract/search-commands.ts';
import { useCall } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './access-note.module.css';
import { words } from './words.ts';

/** The user's access to a gated model, and the next step. */
export function AccessNote(props: {
  readonly access: AccessCheck;
  readonly isAsking: boolean;
  readonly onEnterToken: () => void;
  readonly onCheckAgain: () => void;
}) {
  const { access } = props;
  const call = useCall();
  const isOpen = access.state === 'granted';
  return (
    <div className={styles.note} data-state={access.state} role="status">
      <LockKeyhole size={16} aria-hidden="true" />
      <p className={styles.text}>
        {words.access[access.state]} {access.account === null ? null : words.as(access.account)}
      </p>
      {isOpen ? null : (
        <div className={styles.buttons}>
          {access.state === 'pending' ? null : (
            <Button onClick={() => void call('shell.open', { url: access.pageUrl })}>
              {words.askForAccess}
            </Button>
          )}
          {access.state === 'no-token' ? (
            <Button onClick={props.onEnterToken}>{words.enterToken}</Button>
          ) : (
            <Button isBusy={props.isAsking} onClick={props.onCheckAgain}>
              {words.iHaveAccess}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
