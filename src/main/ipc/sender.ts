/** The fields of an IPC event that the check uses; Electron's events have this shape. */
export interface SenderFacts {
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
  readonly senderFrame: { readonly url: string } | null;
}

/** The check's facts about the app's own page. */
export interface TrustedPage {
  /** Id of the window's web contents, null while there is no window. */
  readonly contentsId: () => number | null;
  /** Origins that the page may have: its own scheme, and in development the server's. */
  readonly origins: readonly string[];
}

/**
 * True only for the main frame of the app's own window showing the app's own page. False for a frame inside the page, a
 * second window, developer tools or a page of another origin.
 */
export function isTrustedSender(event: SenderFacts, page: TrustedPage): boolean {
  const { sender, senderFrame } = event;
  if (senderFrame === null || sender.id !== page.contentsId()) return false;
  if (senderFrame !== sender.mainFrame) return false;
  return page.origins.some((origin) => senderFrame.url.startsWith(`${origin}/`));
}
