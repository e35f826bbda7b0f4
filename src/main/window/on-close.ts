/** Action of the red button, ⌘W or the window manager's close. */
export type OnClose = 'close' | 'hide' | 'quit';

/** What {@link onClose} depends on. */
export interface CloseCircumstances {
  readonly platform: NodeJS.Platform;
  /** The app is ending already. */
  readonly isQuitting: boolean;
  /** An icon in the menu bar or the system tray can bring the window back. */
  readonly hasTray: boolean;
}

/**
 * Downloads continue without a window, if there is a way back to it: on a Mac always (the Dock), elsewhere the tray.
 */
export function onClose({ platform, isQuitting, hasTray }: CloseCircumstances): OnClose {
  if (isQuitting) return 'close';
  return platform === 'darwin' || hasTray ? 'hide' : 'quit';
}
