import { BrowserWindow, clipboard, dialog, type OpenDialogOptions, shell } from 'electron';
import type { Desktop } from '../ipc/app-handlers.ts';
import { openTerminal } from './open-terminal.ts';
import { shellWords as words } from './words.ts';

/** Finder, browser, clipboard and dialogs through Electron. */
export const electronDesktop: Desktop = {
  openTerminal,
  showInFolder: (path) => shell.showItemInFolder(path),
  openPage: (url) => shell.openExternal(url),
  writeClipboard: (text) => clipboard.writeText(text),
  chooseFolder: () =>
    choose({
      title: words.chooseFolderTitle,
      buttonLabel: words.chooseFolder,
      properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
    }),
  chooseFile: () =>
    choose({
      title: words.choosePartialTitle,
      buttonLabel: words.choosePartial,
      properties: ['openFile', 'showHiddenFiles'],
    }),
};

/** Opens one of the program's own files with what the system has for it. An empty text when it was opened, else why not. */
export const openOwnFile = (path: string): Promise<string> => shell.openPath(path);

/** As a sheet of the window on a Mac. Null when nothing was chosen. */
async function choose(options: OpenDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow();
  const { filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options));
  return filePaths[0] ?? null;
}
