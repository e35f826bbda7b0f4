import { useState } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { madeSnippet } from '../../../shared/format/made-snippet.ts';
import type { MadeModel } from '../../../shared/model/build.ts';
import { useCall, useCatalog, useStores } from '../../stores/stores-context.tsx';
import { useContextMenu } from '../../stores/use-context-menu.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type RowItems, RowMenuButton } from '../../ui/row-menu.tsx';
import { buildName } from './build-figures.ts';
import styles from './builds.module.css';
import { words } from './words.ts';

/** Built models, below the models of the cache. */
export function MadeList({ made }: { readonly made: readonly MadeModel[] }) {
  if (made.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>{words.libraryList}</h2>
      <ul className={styles.rows} aria-label={words.libraryList}>
        {made.map((model) => (
          <MadeRow key={model.path} made={model} />
        ))}
      </ul>
    </section>
  );
}

type Check = 'none' | 'running' | 'intact' | 'damaged';

function MadeRow({ made }: { readonly made: MadeModel }) {
  const catalog = useCatalog((state) => state.catalog);
  const stores = useStores();
  const call = useCall();
  const [isRemoving, setRemoving] = useState(false);
  const [check, setCheck] = useState<Check>('none');
  const { from, variant, model } = made;
  const name = buildName({ model, variant, repo: from.repo }, catalog);
  const source =
    catalog?.models.flatMap(({ variants }) => variants).find(({ repo }) => repo === from.repo)?.id ??
    from.repo;
  const target = { reference: from.repo, variant };
  const tell = (text: string, tone: 'good' | 'bad' = 'good') => stores.toasts.getState().show({ tone, text });
  const verify = async () => {
    setCheck('running');
    const outcome = await call('library.verify', target);
    setCheck(outcome.ok && outcome.value.ok ? 'intact' : 'damaged');
  };
  const copy = async (text: string, notice: string) => {
    if ((await call('clipboard.write', { text })).ok) tell(notice);
  };
  const remove = async () => {
    setRemoving(false);
    const outcome = await call('build.remove', target);
    if (outcome.ok) tell(words.removed(name, outcome.value.freedBytes));
    void stores.library.load();
    void stores.catalog.refreshPresence();
  };
  const snippet = madeSnippet({ path: made.path, files: made.paths, bits: made.bits });
  const isBusy = check === 'running';
  const items: RowItems = [
    [
      { name: 'reveal', onSelect: () => void call('shell.reveal', { path: made.path }) },
      { name: 'verify', isDisabled: isBusy, onSelect: () => void verify() },
    ],
    [
      ...(snippet === null
        ? []
        : [{ name: 'copy-command', onSelect: () => void copy(snippet, words.copied) } as const]),
      { name: 'copy-path', onSelect: () => void copy(made.path, words.copiedPath) },
      { name: 'make-again', onSelect: () => void call('build.start', { ...target, force: true }) },
    ],
    [{ name: 'remove', onSelect: () => setRemoving(true), isDanger: true }],
  ];
  const onContextMenu = useContextMenu(() => items);
  const origin = words.made(source.toUpperCase(), from.sha256, made.madeAt);
  return (
    <li className={styles.row} aria-label={name} onContextMenu={onContextMenu}>
      <div className={styles.head}>
        <span className={styles.name}>{name}</span>
        <span className={styles.size}>{formatBytes(made.bytes)}</span>
        <Button size="small" isBusy={check === 'running'} onClick={() => void verify()}>
          {words.verify}
        </Button>
        <RowMenuButton label={words.more(name)} groups={items} />
      </div>
      <p className={styles.words} data-tone={made.complete && check !== 'damaged' ? 'plain' : 'bad'}>
        {[origin, made.complete ? CHECKED[check] : words.incomplete]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      <Dialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        title={words.removeTitle(name)}
        description={words.removeText(made.bytes, source.toUpperCase())}
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>{words.keepSource(name)}</Button>
            <Button look="danger" onClick={() => void remove()}>
              {words.removeConfirm(made.bytes)}
            </Button>
          </>
        }
      />
    </li>
  );
}

const CHECKED: Readonly<Record<Check, string>> = {
  none: '',
  running: words.verifying,
  intact: words.intact,
  damaged: words.damaged,
};
