/** Texts of the shell's own dialogs. */
export const shellWords = {
  quitMessage: (unfinished: number) =>
    unfinished === 1 ? 'A download is not finished.' : `${unfinished} downloads are not finished.`,
  quitDetail: 'What was received is saved. They go on by themselves when Haulyard is opened again.',
  quit: 'Quit',
  stay: 'Keep Running',
  doNotSayAgain: 'Don’t say this again',
  mistakeMessage: 'Haulyard made a mistake.',
  mistakeDetail:
    'What was received is safe. Haulyard may not work as it should until it is opened again. The log says more.',
  cannotStart: 'Haulyard could not start',
  goOn: 'Go On',
  pageGoneMessage: 'The window stopped working several times.',
  pageGoneDetail: 'Downloads go on without it. Reload the window, or quit and open Haulyard again.',
  reload: 'Reload',
  chooseFolder: 'Use This Folder',
  chooseFolderTitle: 'Choose the cache folder',
  choosePartial: 'Import',
  choosePartialTitle: 'Choose a partial file',
} as const;
