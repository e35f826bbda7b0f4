import { BrowserWindow, dialog } from 'electron';
import type { NetworkQuestions } from '../consent/network-consent.ts';
import { questionWords as words } from './question-words.ts';

/** A question in a system dialog. */
interface Question {
  readonly message: string;
  readonly detail: string;
  /** Label of the button that does it. */
  readonly yes: string;
  /** Label of the other button, if not Cancel. */
  readonly no?: string;
  /** The safe answer is the default, also for Return. */
  readonly isRisky?: boolean;
}

/** As a sheet of the window on a Mac. Closing the dialog, or Esc, means no. */
async function ask({ message, detail, yes, no = words.cancel, isRisky = false }: Question): Promise<boolean> {
  const buttons = isRisky ? [no, yes] : [yes, no];
  const options = {
    type: isRisky ? ('warning' as const) : ('question' as const),
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: buttons.indexOf(no),
    noLink: true,
  };
  const parent = BrowserWindow.getFocusedWindow();
  const { response } = await (parent
    ? dialog.showMessageBox(parent, options)
    : dialog.showMessageBox(options));
  return buttons[response] === yes;
}

/** The questions about the network, in system dialogs. */
export const networkQuestions: NetworkQuestions = {
  mayTest: (host) => ask({ message: words.testMessage(host), detail: words.testDetail, yes: words.test }),
  mayUseEndpoint: (change) =>
    ask({
      message: words.endpointMessage(change.host),
      detail: words.endpointDetail(change),
      yes: words.useEndpoint,
    }),
  mayUseUntested: (host, finding) =>
    ask({
      message: words.untestedMessage(host),
      detail: words.untestedDetail(finding),
      yes: words.useAnyway,
      no: words.keepEndpoint,
      isRisky: true,
    }),
  mayUseProxy: (change) =>
    ask({ message: words.proxyMessage(change.host), detail: words.proxyDetail(change), yes: words.useProxy }),
  mayShare: () => ask({ message: words.shareMessage, detail: words.shareDetail, yes: words.share }),
  mayUsePeers: () => ask({ message: words.peersMessage, detail: words.peersDetail, yes: words.usePeers }),
};

/** Asks whether the cache folder may change although downloads are unfinished. */
export function mayMoveCache(unfinished: number): Promise<boolean> {
  return ask({
    message: words.cacheMessage(unfinished),
    detail: words.cacheDetail,
    yes: words.changeFolder,
  });
}
