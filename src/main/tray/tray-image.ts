import type { TrayState } from './headline.ts';

/** What decides which picture is legible. */
export interface TrayImageContext {
  readonly platform: NodeJS.Platform;
  /** The system's theme is dark. */
  readonly isDark: boolean;
  /** XDG_CURRENT_DESKTOP, for instance `ubuntu:GNOME`. */
  readonly desktop: string;
}

/** Desktops whose panel is dark, whatever the theme of windows is. */
const DARK_PANELS = /\b(gnome|unity|pantheon|budgie|cinnamon)\b/i;

/** Name of the file in `resources/tray`. macOS colours a template image itself, so that it suits the menu bar and its selection. */
export function trayImageName(state: TrayState, { platform, isDark, desktop }: TrayImageContext): string {
  if (platform === 'darwin') return `${state}Template.png`;
  const isPanelDark = isDark || (platform === 'linux' && DARK_PANELS.test(desktop));
  return `${state}-on-${isPanelDark ? 'dark' : 'light'}.png`;
}
