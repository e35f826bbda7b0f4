/** What the red button, ⌘W or the window manager's close does. */
export type OnClose = 'close' | 'hide' | 'quit';

/** What {@link onClose} depends on. */
export interface CloseCircumstances {
  readonly platform: NodeJS.Platform;
  /** The app is ending already. */
  readonly isQuitting: boolean;
  /** There is an icon in the menu bar or the system tray by which the window can be had back. */
  readonly hasTray: boolean;
}

/** Downloads go on without a window, as long as there is a way back to it: on a Mac always (the Dock), elsewhere the tray. */
export function onClose({ platform, isQuitting, hasTray }: CloseCircumstances): OnClose {
  if (isQuitting) return 'close';
  return platform === 'darwin' || hasTray ? 'hide' : 'quit';
}
