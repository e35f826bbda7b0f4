import { useEffect, useState } from 'react';
import type { SharingStatus } from '../../../shared/model/sharing.ts';
import { useEngine, useStores } from '../../stores/stores-context.tsx';
import { SettingGroup, SwitchRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useSaveSettings } from './use-settings.ts';
import { words } from './words.ts';

/** What is shared changes when a model is ready or removed. */
const LOOK_MS = 5000;

/** Other computers of this network: giving to them, and taking from them. */
export function SharingGroup() {
  const settings = useEngine(({ downloads }) => downloads?.settings);
  const save = useSaveSettings();
  if (!settings) return null;
  return (
    <SettingGroup title={words.sharing}>
      <SwitchRow
        label={words.share}
        text={words.shareText}
        isOn={settings.sharing}
        save={(sharing) => save({ sharing })}
        below={settings.sharing ? <Status /> : null}
      />
      <SwitchRow
        label={words.usePeers}
        text={words.usePeersText}
        isOn={settings.usePeers}
        save={(usePeers) => save({ usePeers })}
      />
    </SettingGroup>
  );
}

function Status() {
  const status = useSharingStatus();
  return (
    <p
      role="status"
      className={styles.result}
      data-ok={status === null ? undefined : status.state === 'on'}
      data-selectable
    >
      {statusWords(status)}
    </p>
  );
}

function statusWords(status: SharingStatus | null): string {
  if (status === null) return words.shareStarting;
  if (status.state === 'on') return words.shared(status.models, status.urls);
  return status.problem ?? words.shareOff;
}

/** What the engine says, again and again while somebody looks; null before its first word. */
function useSharingStatus(): SharingStatus | null {
  const { bridge } = useStores();
  const [status, setStatus] = useState<SharingStatus | null>(null);
  useEffect(() => {
    let isWanted = true;
    const look = async () => {
      const outcome = await bridge.call('sharing.status', {});
      if (isWanted && outcome.ok) setStatus(outcome.value);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [bridge]);
  return status;
}
