import type { Preferences } from '../../../shared/contract/preferences.ts';
import { usePreferences } from '../../stores/stores-context.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { SettingGroup, SwitchRow } from './setting-row.tsx';
import { useSavePreferences } from './use-settings.ts';
import { words } from './words.ts';

/** How the app behaves besides the window. */
export function AppGroup({ preferences }: { readonly preferences: Preferences }) {
  const canStartAtLogin = usePreferences(({ info }) => info?.canStartAtLogin ?? false);
  const save = useSavePreferences();
  return (
    <SettingGroup title={words.app}>
      <SwitchRow
        label={words.notifications}
        text={words.notificationsText}
        isOn={preferences.notifications}
        save={(notifications) => save({ notifications })}
      />
      <SwitchRow
        label={words.menuBarIcon(thisPlatform())}
        text={words.menuBarIconText}
        isOn={preferences.menuBarIcon}
        save={(menuBarIcon) => save({ menuBarIcon })}
      />
      <SwitchRow
        label={words.startAtLogin}
        text={canStartAtLogin ? words.startAtLoginText : words.startAtLoginNot}
        isOn={preferences.startAtLogin}
        isDisabled={!canStartAtLogin}
        save={(startAtLogin) => save({ startAtLogin })}
      />
    </SettingGroup>
  );
}
