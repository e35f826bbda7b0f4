/** Texts of the shell's own dialogs. */
export const shellWords = {
  quitMessage: (unfinished: number) =>
    unfinished === 1 ? 'A download isn’t finished.' : `${unfinished} downloads aren’t finished.`,
  quitDetail: (unfinished: number) =>
    `${unfinished === 1 ? 'It' : 'They'} will resume the next time you open Haulyard. Your progress is saved.`,
  quit: 'Quit',
  stay: 'Keep Running',
  doNotAskAgain: 'Don’t ask again',
  mistakeMessage: 'Haulyard ran into a problem.',
  mistakeDetail:
    'Your progress is saved. If something looks wrong, quit and open Haulyard again. The log has details.',
  cannotStart: 'Haulyard couldn’t start',
  keepGoing: 'Keep Going',
  pageGoneMessage: 'The window stopped working several times.',
  pageGoneDetail: 'Downloads continue without it. Reload the window, or quit and open Haulyard again.',
  reload: 'Reload',
  chooseFolder: 'Use This Folder',
  chooseFolderTitle: 'Choose the Cache Folder',
  choosePartial: 'Import',
  choosePartialTitle: 'Choose an Unfinished File',
} as const;
