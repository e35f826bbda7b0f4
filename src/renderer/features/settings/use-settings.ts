import type { CommandInput } from '../../../shared/contract/commands.ts';
import { useCall, useStores } from '../../stores/stores-context.tsx';
import { useSaved } from './use-saved.ts';

/** Saves a part of main's preferences. Returns true when it was saved; otherwise a notice explains why not. */
export function useSavePreferences() {
  const call = useCall();
  const { preferences } = useStores();
  return async (change: CommandInput<'preferences.set'>): Promise<boolean> => {
    const outcome = await call('preferences.set', change);
    if (outcome.ok) preferences.receive(outcome.value);
    return outcome.ok;
  };
}

/** Saves a part of the engine's settings. Returns true when it was saved; otherwise a notice explains why not. */
export function useSaveSettings() {
  const call = useCall();
  const { engine } = useStores();
  return async (change: CommandInput<'settings.set'>): Promise<boolean> => {
    const outcome = await call('settings.set', change);
    // The control shows the stored value before it confirms.
    if (outcome.ok) await engine.refresh();
    return outcome.ok;
  };
}

/** Saves, and confirms that it was saved. */
export function useSettingChange() {
  const save = useSaveSettings();
  const [isSaved, markSaved] = useSaved();
  const change = async (part: CommandInput<'settings.set'>) => {
    if (await save(part)) markSaved();
  };
  return { isSaved, change };
}
