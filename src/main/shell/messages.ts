import { app, dialog } from 'electron';
import { shellWords as words } from './words.ts';

/** Downloads and builds that are running. */
export interface Unfinished {
  readonly downloads: number;
  readonly builds: number;
}

/** Result of a question about quitting. */
export interface QuitAnswer {
  readonly isQuitting: boolean;
  readonly askAgain: boolean;
}

/**
 * Explains that running downloads and builds resume next time. Once `settled` is aborted nothing is unfinished any
 * more: the dialog closes by itself, and the app may end.
 */
export async function explainQuit(unfinished: Unfinished, settled: AbortSignal): Promise<QuitAnswer> {
  const { response, checkboxChecked } = await dialog.showMessageBox({
    type: 'info',
    message: words.quitMessage(unfinished),
    detail: words.quitDetail(unfinished),
    buttons: [words.quit, words.stay],
    defaultId: 0,
    cancelId: 1,
    checkboxLabel: words.doNotAskAgain,
    checkboxChecked: false,
    noLink: true,
    signal: settled,
  });
  if (settled.aborted) return { isQuitting: true, askAgain: true };
  return { isQuitting: response === 0, askAgain: !checkboxChecked };
}

/** Reports a fault of the program itself. Resolves to true when the user would rather quit. */
export async function reportMistake(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: words.mistakeMessage,
    detail: words.mistakeDetail,
    buttons: [words.keepGoing, words.quit],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Reports that the window cannot be kept alive. Resolves to true when the user would rather quit. */
export async function reportPageGone(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: words.pageGoneMessage,
    detail: words.pageGoneDetail,
    buttons: [words.reload, words.quit],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Reports that the app cannot start, and ends it. */
export function refuseToStart(error: unknown): void {
  dialog.showErrorBox(words.cannotStart, error instanceof Error ? error.message : String(error));
  app.exit(1);
}
