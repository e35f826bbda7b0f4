import { clipboard, dialog, shell } from 'electron';
import type { Desktop } from '../ipc/app-handlers.ts';
import { shellWords as words } from './words.ts';

/** Finder, browser, clipboard and dialogs through Electron. */
export const electronDesktop: Desktop = {
  showInFolder: (path) => shell.showItemInFolder(path),
  openPage: (url) => shell.openExternal(url),
  writeClipboard: (text) => clipboard.writeText(text),
  chooseFolder: async () => {
    const { filePaths } = await dialog.showOpenDialog({
      title: words.chooseFolderTitle,
      buttonLabel: words.chooseFolder,
      properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
    });
    return filePaths[0] ?? null;
  },
  chooseFile: async () => {
    const { filePaths } = await dialog.showOpenDialog({
      title: words.choosePartialTitle,
      buttonLabel: words.choosePartial,
      properties: ['openFile', 'showHiddenFiles'],
    });
    return filePaths[0] ?? null;
  },
};
