import { type FormEvent, useId, useState } from 'react';
import type { ChosenFile } from '../../../shared/contract/app-commands.ts';
import type { ErrorData } from '../../../shared/contract/errors.ts';
import { downloadName } from '../../../shared/format/download-name.ts';
import { useCatalog, useEngine, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { baseName, type ImportChoice, planChoices, unfinishedChoices } from './import-choices.ts';
import styles from './import-dialog.module.css';
import { words } from './words.ts';

/** Asks which file a partial is a part of: one that a download here lacks, or one of any other model. */
export function ImportDialog({ file, onClose }: { readonly file: ChosenFile; readonly onClose: () => void }) {
  const downloads = useEngine((state) => state.downloads?.downloads ?? null);
  const [known] = useState(() => unfinishedChoices(downloads ?? [], file));
  const other = useOtherModel(file);
  const choices = [...known, ...other.choices];
  const [wanted, setWanted] = useState<string | null>(null);
  const chosen = choices.find(({ key }) => key === wanted) ?? choices[0];
  const start = useImport(file, other.reference, onClose);
  return (
    <Dialog
      isOpen
      width="large"
      onClose={onClose}
      title={words.importTitle}
      description={words.importText(baseName(file.path), file.bytes)}
      actions={
        <>
          <Button onClick={onClose}>{words.importCancel}</Button>
          <Button
            look="primary"
            disabled={!chosen}
            isBusy={start.isBusy}
            onClick={() => chosen && void start.run(chosen)}
          >
            {words.importStart}
          </Button>
        </>
      }
    >
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>{words.importWhich}</legend>
        <Choices title={words.importUnfinished} choices={known} chosen={chosen} onChoose={setWanted} />
        <form className={styles.other} onSubmit={other.find}>
          <Field
            label={words.importReference}
            hint={words.importReferenceHint}
            value={other.text}
            onChange={(event) => other.setText(event.currentTarget.value)}
            after={
              <Button type="submit" isBusy={other.isBusy} disabled={other.text.trim() === ''}>
                {words.importFind}
              </Button>
            }
          />
        </form>
        <Choices title={words.importOther} choices={other.choices} chosen={chosen} onChoose={setWanted} />
        {other.isEmpty ? <p className={styles.none}>{words.importNone}</p> : null}
      </fieldset>
      {(start.error ?? other.error) ? <ErrorNote error={(start.error ?? other.error) as ErrorData} /> : null}
    </Dialog>
  );
}

function Choices(props: {
  readonly title: string;
  readonly choices: readonly ImportChoice[];
  readonly chosen: ImportChoice | undefined;
  readonly onChoose: (key: string) => void;
}) {
  const catalog = useCatalog((state) => state.catalog);
  const downloads = useEngine((state) => state.downloads?.downloads);
  const id = useId();
  if (props.choices.length === 0) return null;
  const nameOf = (download: string | null) => {
    const view = downloads?.find((each) => each.id === download);
    return view ? downloadName(view, catalog) : null;
  };
  return (
    <div role="radiogroup" aria-labelledby={id} className={styles.group}>
      <p id={id} className={styles.title}>
        {props.title}
      </p>
      {props.choices.map(({ key, download, path, size }) => (
        <label key={key} className={styles.choice}>
          <input
            type="radio"
            name="import-choice"
            checked={props.chosen?.key === key}
            onChange={() => props.onChoose(key)}
          />
          <span className={styles.file}>
            {[nameOf(download), words.importChoice(path, size)].filter(Boolean).join(' · ')}
          </span>
        </label>
      ))}
    </div>
  );
}

/** The files of a model that is named in the dialog. */
function useOtherModel(file: ChosenFile) {
  const { bridge } = useStores();
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [found, setFound] = useState<{ reference: string; choices: readonly ImportChoice[] } | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const find = (event: FormEvent) => {
    event.preventDefault();
    const reference = text.trim();
    setBusy(true);
    setError(null);
    void bridge.call('downloads.plan', { reference }).then((outcome) => {
      setBusy(false);
      if (outcome.ok) setFound({ reference, choices: planChoices(outcome.value, file) });
      else setError(outcome.error);
    });
  };
  const choices = found?.choices ?? [];
  const isEmpty = found !== null && choices.length === 0;
  return { text, setText, isBusy, error, find, choices, isEmpty, reference: found?.reference ?? '' };
}

/** Starts the import; the dialog closes when it is under way. */
function useImport(file: ChosenFile, reference: string, onClose: () => void) {
  const { bridge, toasts, navigation } = useStores();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  const name = baseName(file.path);
  const adopt = async (id: string, path: string) => {
    const outcome = await bridge.call('downloads.adopt', { id, partial: file.path, file: path });
    return outcome.ok ? { id, text: words.imported(outcome.value.adoptedBytes, name) } : outcome.error;
  };
  const add = async (path: string) => {
    const outcome = await bridge.call('downloads.add', { reference, from: { [path]: file.path } });
    return outcome.ok ? { id: outcome.value.id, text: words.importStarted(name) } : outcome.error;
  };
  const run = async ({ download, path }: ImportChoice) => {
    setBusy(true);
    setError(null);
    const result = await (download === null ? add(path) : adopt(download, path));
    setBusy(false);
    if ('code' in result) return setError(result);
    toasts.getState().show({ tone: 'good', text: result.text });
    navigation.getState().showDownload(result.id);
    onClose();
  };
  return { isBusy, error, run };
}
