import type { MenuItemConstructorOptions } from 'electron';
import type { ContextItem, ContextMenuGroups } from '../../shared/contract/context-menu.ts';
import { contextItemWords } from '../../shared/format/context-menu-words.ts';

/** What {@link rowMenuTemplate} depends on. */
export interface RowMenuLook {
  readonly platform: 'darwin' | 'linux' | 'win32';
  readonly onChoose: (chosen: ContextItem) => void;
}

/** The menu of a row, as Electron takes it. */
export function rowMenuTemplate(
  groups: ContextMenuGroups,
  { platform, onChoose }: RowMenuLook,
): MenuItemConstructorOptions[] {
  return groups.flatMap((group, at) => [
    ...(at === 0 ? [] : [{ type: 'separator' } as const]),
    ...group.map(({ name, isDisabled }) => ({
      id: name,
      label: contextItemWords(name, platform),
      enabled: isDisabled !== true,
      click: () => onChoose(name),
    })),
  ]);
}
