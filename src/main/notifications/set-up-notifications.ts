import { Notification } from 'electron';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { type Notice, noticesBetween } from './decide.ts';
import { plainBody, plainTitle } from './plain-text.ts';

/** Ends the notifications. */
export interface NotificationsHandle {
  dispose(): void;
}

const asShown = ({ title, body, ...about }: Notice): Notice => ({
  ...about,
  title: plainTitle(title),
  body: plainBody(body, process.platform),
});

/**
 * Notifies that a download or a build is done, failed or needs the user. Nothing else, and nothing that the user is
 * looking at.
 */
export function setUpNotifications(deps: ShellDeps): NotificationsHandle {
  let before = deps.state.current();
  /** Shown ones are kept, by id: one that is garbage-collected does not receive its click. */
  const shown = new Map<string, Notification>();

  /** For tests, which run on desktops that show nothing. */
  const told: Notice[] = [];

  const end = deps.state.onChange((after) => {
    // The difference of states is enough even after a time without an engine: its first snapshot is compared with the
    // last state before.
    const notices = noticesBetween(before, after, deps.catalogName).map(asShown);
    before = after ?? before;
    if (!deps.preferences.current().notifications || deps.isWindowFocused()) return;
    if (deps.isUnderTest) told.push(...notices);
    if (Notification.isSupported()) for (const notice of notices) show(notice);
  });

  function show({ id, kind, title, body }: Notice): void {
    shown.get(id)?.close();
    const notification = new Notification({ title, body });
    notification.on('click', () =>
      deps.showWindow({ do: 'show', section: 'downloads', ...(kind === 'download' ? { download: id } : {}) }),
    );
    notification.on('close', () => {
      if (shown.get(id) === notification) shown.delete(id);
    });
    notification.on('failed', (_event, error) => deps.log.warn(`notification: ${error}`));
    shown.set(id, notification);
    notification.show();
    deps.log.info(`notification: ${title}`);
  }

  deps.exposeForTests('notices', told);
  return {
    dispose: () => {
      end();
      for (const notification of shown.values()) notification.close();
    },
  };
}
