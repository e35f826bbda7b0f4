import type { TrayState } from './headline.ts';

/** What decides which picture is legible. */
export interface TrayImageContext {
  readonly platform: NodeJS.Platform;
  /** The system's theme is dark. */
  readonly isDark: boolean;
  /** XDG_CURRENT_DESKTOP, for example `ubuntu:GNOME`. */
  readonly desktop: string;
}

/** Desktops with a dark panel, whatever the theme of windows. */
const DARK_PANELS = /\b(gnome|unity|pantheon|budgie|cinnamon)\b/i;

/**
 * Returns the name of the file in `resources/tray`. macOS colors a template image itself, to match the menu bar and its
 * selection.
 */
export function trayImageName(state: TrayState, { platform, isDark, desktop }: TrayImageContext): string {
  if (platform === 'darwin') return `${state}Template.png`;
  const isPanelDark = isDark || (platform === 'linux' && DARK_PANELS.test(desktop));
  return `${state}-on-${isPanelDark ? 'dark' : 'light'}.png`;
}
