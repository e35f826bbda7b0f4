import { useCall, useEngine, usePreferences } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { SettingGroup, SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useSaved } from './use-saved.ts';
import { useSavePreferences, useSettingChange } from './use-settings.ts';
import { words } from './words.ts';

/** Where models and the app's own files are. */
export function StorageGroup() {
  const info = usePreferences((state) => state.info);
  const chosen = usePreferences((state) => state.preferences?.cacheDir ?? null);
  const call = useCall();
  const save = useSavePreferences();
  const [isSaved, markSaved] = useSaved();
  const keep = async (cacheDir: string | null) => {
    if (await save({ cacheDir })) markSaved();
  };
  const choose = async () => {
    const folder = await call('dialog.chooseFolder', {});
    if (folder.ok && folder.value.path !== null) await keep(folder.value.path);
  };
  return (
    <SettingGroup title={words.storage}>
      <SettingRow
        label={words.cacheDir}
        text={words.cacheDirText}
        isSaved={isSaved}
        below={<Path path={info?.cacheDir} />}
      >
        {chosen === null ? null : <Button onClick={() => void keep(null)}>{words.reset}</Button>}
        <Button onClick={() => void choose()}>{words.choose}</Button>
      </SettingRow>
      <BuildRootRow />
      <SettingRow label={words.dataDir} text={words.dataDirText} below={<Path path={info?.dataDir} />}>
        <Button disabled={!info} onClick={() => void call('shell.reveal', { path: info?.dataDir ?? '' })}>
          {words.reveal(thisPlatform())}
        </Button>
      </SettingRow>
    </SettingGroup>
  );
}

/** Where built Q8 and Q4 models go. */
function BuildRootRow() {
  const buildRoot = useEngine(({ downloads }) => downloads?.settings.buildRoot ?? null);
  const call = useCall();
  const { isSaved, change } = useSettingChange();
  const choose = async () => {
    const folder = await call('dialog.chooseFolder', {});
    if (folder.ok && folder.value.path !== null) await change({ buildRoot: folder.value.path });
  };
  return (
    <SettingRow
      label={words.buildRoot}
      text={words.buildRootText}
      isSaved={isSaved}
      below={<Path path={buildRoot ?? words.buildRootDefault} />}
    >
      {buildRoot === null ? null : (
        <Button aria-label={words.buildRootReset} onClick={() => void change({ buildRoot: null })}>
          {words.reset}
        </Button>
      )}
      <Button aria-label={words.buildRootChoose} onClick={() => void choose()}>
        {words.choose}
      </Button>
    </SettingRow>
  );
}

function Path({ path }: { readonly path: string | undefined }) {
  return (
    <p className={`${styles.text} ${styles.path}`} data-selectable>
      {path ?? '…'}
    </p>
  );
}
