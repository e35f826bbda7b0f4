/** What is running when somebody quits. */
interface Counts {
  readonly downloads: number;
  readonly builds: number;
}

/** Texts of the shell's own dialogs. */
export const shellWords = {
  quitMessage: ({ downloads, builds }: Counts) => {
    const parts = [
      ...(downloads === 0 ? [] : [downloads === 1 ? 'a download' : `${downloads} downloads`]),
      ...(builds === 0
        ? []
        : [builds === 1 ? 'a model that is being made' : `${builds} models that are being made`]),
    ];
    const text = parts.join(' and ');
    const verb = downloads + builds === 1 ? 'isn’t' : 'aren’t';
    return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${verb} finished.`;
  },
  quitDetail: ({ downloads, builds }: Counts) =>
    `${downloads + builds === 1 ? 'It' : 'They'} will resume the next time you open Haulyard. Your progress is saved.`,
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
  chooseFolderTitle: 'Choose a Folder',
  choosePartial: 'Import',
  choosePartialTitle: 'Choose an Unfinished File',
} as const;
