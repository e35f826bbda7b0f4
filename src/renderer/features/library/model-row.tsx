import { FolderOpen, ShieldCheck } from 'lucide-react';
import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import type { LibraryModel } from '../../../shared/model/library.ts';
import { libraryKey } from '../../stores/library-store.ts';
import { useCatalog, useEngine, useLibrary } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { RowFocus } from '../../ui/row-focus.ts';
import { StateWord } from '../../ui/state-word.tsx';
import { comingBy, damageLines, madeFrom, missingText, soundnessOf } from './library-rows.ts';
import { ModelMenu } from './model-menu.tsx';
import styles from './model-row.module.css';
import type { ModelRowProps } from './model-row-props.ts';
import { ModelWork } from './model-work.tsx';
import { words } from './words.ts';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const formatTime = (iso: string) => date.format(new Date(iso));

/** One model of the library. */
export function ModelRow(props: ModelRowProps) {
  const { name, model, isSelected, onSelect } = props;
  const key = libraryKey(model);
  const work = useLibrary((state) => state.work[key]);
  return (
    <li
      className={classNames(styles.row, isSelected && styles.selected)}
      aria-label={name}
      aria-current={isSelected || undefined}
      tabIndex={props.isTabStop ? 0 : -1}
      data-row={key}
      onFocus={onSelect}
      onPointerDown={onSelect}
    >
      <RowFocus.Provider value={isSelected || props.isTabStop}>
        <Head {...props} isBusy={work !== undefined} />
        {work === undefined ? <Facts {...props} /> : <ModelWork name={name} repo={model.repo} work={work} />}
      </RowFocus.Provider>
    </li>
  );
}

function Head(props: ModelRowProps & { readonly isBusy: boolean }) {
  const { name, model, actions, isBusy } = props;
  const { word, tone } = useSoundness(model);
  return (
    <div className={styles.head}>
      <h3 className={styles.name}>
        <CutName name={name} />
      </h3>
      {name === model.repo ? null : <span className={styles.repo}>{model.repo}</span>}
      <StateWord tone={tone}>{word}</StateWord>
      <span className={styles.size}>
        <Size model={model} />
      </span>
      <div className={styles.buttons}>
        <IconButton
          label={words.verify}
          icon={<ShieldCheck size={16} />}
          disabled={isBusy}
          onClick={() => void actions.verify(model, name, 'verifying')}
        />
        <IconButton
          label={words.reveal[thisPlatform()]}
          shortcut="↩"
          icon={<FolderOpen size={16} />}
          onClick={() => actions.reveal(model.path)}
        />
        <ModelMenu {...props} />
      </div>
    </div>
  );
}

/** What is here of it; of one that is on its way, how far it is. */
function Size({ model }: { readonly model: LibraryModel }) {
  return useEngine(({ downloads }) => {
    const view = comingBy(model, downloads?.downloads ?? []);
    return view && view.totalBytes > 0
      ? formatBytesOf(view.receivedBytes, view.totalBytes)
      : formatBytes(model.bytes);
  });
}

function Facts({ name, model, actions }: ModelRowProps) {
  const { tone, when, report, coming, download } = useSoundness(model);
  const catalog = useCatalog((state) => state.catalog);
  const made = model.complete ? madeFrom(model, catalog) : [];
  // Of what is not whole yet, a branch that does not point to it says nothing.
  const refs = model.complete || model.refs.length > 0 ? words.refs(model.refs) : '';
  const facts = [refs, words.files(model.files), when].filter((fact) => fact !== '');
  return (
    <>
      <p className={styles.facts}>{facts.join(' · ')}</p>
      {made.length === 0 ? null : <p className={styles.facts}>{words.madeFromIt(made)}</p>}
      {tone === 'bad' ? (
        <div className={styles.trouble}>
          <p className={styles.bad}>
            {report?.ok === false ? damageLines(report).join(' · ') : words.repairText}
          </p>
          <Button size="small" onClick={() => void actions.verify(model, name, 'repairing')}>
            {words.repair}
          </Button>
        </div>
      ) : null}
      {coming === null && model.complete ? null : (
        <div className={styles.trouble}>
          <p>{missingText(coming)}</p>
          <Button size="small" onClick={() => actions.goOn(model.repo, download)}>
            {coming === null ? words.goOn : words.continueDownload}
          </Button>
        </div>
      )}
    </>
  );
}

function useSoundness(model: LibraryModel) {
  const report = useLibrary((state) => state.reports[libraryKey(model)]);
  // Progress changes a download all the time; here only these two are of interest.
  const download = useEngine(({ downloads }) => comingBy(model, downloads?.downloads ?? [])?.id ?? null);
  const coming = useEngine(({ downloads }) => comingBy(model, downloads?.downloads ?? [])?.state ?? null);
  return { ...soundnessOf(model, { report, coming, formatTime }), report, coming, download };
}
