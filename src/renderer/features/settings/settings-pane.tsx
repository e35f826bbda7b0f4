import { useEngine, usePreferences } from '../../stores/stores-context.tsx';
import { Pane } from '../../ui/pane.tsx';
import { AccountGroup } from './account-group.tsx';
import { AppGroup } from './app-group.tsx';
import { DownloadsGroup } from './downloads-group.tsx';
import { NetworkGroup } from './network-group.tsx';
import styles from './settings.module.css';
import { SharingGroup } from './sharing-group.tsx';
import { StorageGroup } from './storage-group.tsx';
import { words } from './words.ts';

/** All settings. Each is saved as soon as it is changed. */
export function SettingsPane() {
  const preferences = usePreferences((state) => state.preferences);
  const info = usePreferences((state) => state.info);
  const usesNetwork = useEngine(({ downloads }) => {
    const { sharing = false, usePeers = false } = downloads?.settings ?? {};
    return sharing || usePeers;
  });
  return (
    <Pane title={words.title}>
      <div className={styles.page}>
        <DownloadsGroup />
        <StorageGroup />
        <AccountGroup />
        <NetworkGroup />
        <SharingGroup />
        {preferences ? <AppGroup preferences={preferences} /> : null}
        {info ? (
          <p className={styles.foot}>
            {words.version(info.version, info.arch)}. {words.connectsTo(usesNetwork)}
          </p>
        ) : null}
      </div>
    </Pane>
  );
}
