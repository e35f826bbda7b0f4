import type { BrowserWindowConstructorOptions } from 'electron';
import { MIN_SIZE, type Rectangle } from './bounds.ts';

/** The page's own background (`--surface` of its tokens), shown until its first paint. */
const BACKGROUND = { light: '#fbfbfc', dark: '#1d1d20' } as const;

/** What the window depends on. */
export interface WindowLook {
  readonly bounds: Rectangle;
  readonly platform: NodeJS.Platform;
  readonly isDark: boolean;
  readonly preload: string;
  readonly icon: string;
}

/** The one window. Hidden at first: it is shown when it has something to show. */
export function windowOptions({
  bounds,
  platform,
  isDark,
  preload,
  icon,
}: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    title: 'Haulyard',
    ...(platform === 'darwin' ? MAC_LOOK : { backgroundColor: background(isDark) }),
    ...(platform === 'linux' ? { icon } : {}),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      enableWebSQL: false,
      backgroundThrottling: true,
    },
  };
}

/** The sidebar lets the desktop shine through, so the window itself has no color. */
const MAC_LOOK: BrowserWindowConstructorOptions = {
  titleBarStyle: 'hiddenInset',
  vibrancy: 'sidebar',
  visualEffectState: 'followWindow',
  backgroundColor: '#00000000',
};

/** The color behind a page that has not painted yet. */
export function background(isDark: boolean): string {
  return isDark ? BACKGROUND.dark : BACKGROUND.light;
}
