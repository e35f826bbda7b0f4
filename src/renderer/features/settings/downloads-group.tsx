import { useId } from 'react';
import type { Settings } from '../../../shared/contract/commands.ts';
import { PROFILES } from '../../../shared/model/download.ts';
import { useEngine, usePreferences } from '../../stores/stores-context.tsx';
import { Select } from '../../ui/select.tsx';
import { ScheduleRow } from './schedule-row.tsx';
import { SettingGroup, SettingRow, SwitchRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { SpeedLimitRow } from './speed-limit-row.tsx';
import { useSavePreferences, useSettingChange } from './use-settings.ts';
import { words } from './words.ts';

const AT_ONCE = ['1', '2', '3', '4', '5', '6', '8', '12', '16'];

/** How downloads are made. */
export function DownloadsGroup() {
  const settings = useEngine(({ downloads }) => downloads?.settings);
  const keepAwake = usePreferences(({ preferences }) => preferences?.keepAwake ?? true);
  const savePreferences = useSavePreferences();
  return (
    <SettingGroup title={words.downloads}>
      {settings ? (
        <>
          <AtOnceRow settings={settings} />
          <ProfileRow settings={settings} />
          <SpeedLimitRow limit={settings.limitBytesPerSecond} />
          <ScheduleRow schedule={settings.schedule} />
        </>
      ) : null}
      <SwitchRow
        label={words.keepAwake}
        text={words.keepAwakeText}
        isOn={keepAwake}
        save={(isOn) => savePreferences({ keepAwake: isOn })}
      />
    </SettingGroup>
  );
}

function AtOnceRow({ settings }: { readonly settings: Settings }) {
  const id = useId();
  const { isSaved, change } = useSettingChange();
  const current = String(settings.atOnce);
  const values = AT_ONCE.includes(current) ? AT_ONCE : [...AT_ONCE, current];
  return (
    <SettingRow label={words.atOnce} text={words.atOnceText} textId={id} isSaved={isSaved}>
      <div className={styles.narrow}>
        <Select
          label={words.atOnce}
          isLabelHidden
          describedBy={id}
          value={current}
          options={values.map((value) => ({ value, label: value }))}
          onChange={(value) => void change({ atOnce: Number(value) })}
        />
      </div>
    </SettingRow>
  );
}

function ProfileRow({ settings }: { readonly settings: Settings }) {
  const id = useId();
  const { isSaved, change } = useSettingChange();
  return (
    <SettingRow
      label={words.profile}
      text={words.profileText[settings.profile]}
      textId={id}
      isSaved={isSaved}
    >
      <div className={styles.medium}>
        <Select
          label={words.profile}
          isLabelHidden
          describedBy={id}
          value={settings.profile}
          options={PROFILES.map((value) => ({ value, label: words.profiles[value] }))}
          onChange={(profile) => void change({ profile })}
        />
      </div>
    </SettingRow>
  );
}
