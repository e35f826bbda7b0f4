import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { BuildView } from '../../../shared/model/build.ts';
import { useCall, useCatalog, useNavigation, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { StateWord } from '../../ui/state-word.tsx';
import styles from './builds.module.css';
import { words } from './words.ts';

/** A build that just finished, and the offer to free the space of its source. Keeping it is the default. */
export function ReadyBuild({ build, name }: { readonly build: BuildView; readonly name: string }) {
  const catalog = useCatalog((state) => state.catalog);
  const presence = useCatalog((state) => state.presence);
  const call = useCall();
  const go = useNavigation((state) => state.go);
  const [isAsking, setAsking] = useState(false);
  const { model, variant, source } = build;
  const variants = catalog?.models.find(({ id }) => id === model)?.variants ?? [];
  const from = variants.find(({ repo }) => repo === source.repo);
  const here = presence.find((each) => each.model === model && each.variant === from?.id && each.installed);
  const fromName = (from?.id ?? 'source').toUpperCase();
  const bytes = here?.totalBytes ?? build.sourceBytes;
  const others = variants
    .filter(({ id, makeable }) => makeable?.from === from?.id && id !== variant && id !== from?.id)
    .map(({ id }) => id.toUpperCase());
  const dismiss = () => void call('build.cancel', { id: build.id });
  return (
    <div className={styles.after}>
      <div className={styles.afterText}>
        <StateWord tone="good" icon={<CircleCheck size={12} aria-hidden="true" />}>
          {words.readyTitle(name)}
        </StateWord>
        {here ? <p className={styles.words}>{words.readyText(fromName, bytes)}</p> : null}
      </div>
      <div className={styles.afterButtons}>
        <Button onClick={() => go('library')}>{words.showInLibrary}</Button>
        {here ? <Button onClick={() => setAsking(true)}>{words.removeSource(fromName)}</Button> : null}
        <Button look="primary" onClick={dismiss}>
          {here ? words.keepSource(fromName) : words.done}
        </Button>
      </div>
      <AskToRemove
        isOpen={isAsking}
        repo={source.repo}
        fromName={fromName}
        bytes={bytes}
        lost={words.whatIsLost(others, fromName, bytes)}
        onClose={() => setAsking(false)}
        onRemoved={dismiss}
      />
    </div>
  );
}

function AskToRemove(props: {
  readonly isOpen: boolean;
  readonly repo: string;
  readonly fromName: string;
  readonly bytes: number;
  readonly lost: string;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}) {
  const { catalog, toasts } = useStores();
  const call = useCall();
  const remove = async () => {
    props.onClose();
    const outcome = await call('library.remove', { reference: props.repo });
    if (!outcome.ok) return;
    const text = words.removed(props.fromName, outcome.value.freedBytes);
    toasts.getState().show({ tone: 'good', text });
    void catalog.refreshPresence();
    props.onRemoved();
  };
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={props.onClose}
      title={words.removeTitle(props.fromName)}
      description={props.lost}
      actions={
        <>
          <Button onClick={props.onClose}>{words.keepSource(props.fromName)}</Button>
          <Button look="danger" onClick={() => void remove()}>
            {words.removeConfirm(props.bytes)}
          </Button>
        </>
      }
    />
  );
}
