import type { Look } from './drawing.ts';

/** Where Apple's grid leaves a margin around the plate, which Dock and Finder expect. */
const WITH_MARGIN = '0 0 1024 1024';
/** Other desktops draw icons up to their edges; a little is left for the shadow. */
const TO_THE_EDGE = '84 84 856 856';
/** The plate alone, for the sizes in which each pixel counts. */
const PLATE = '100 100 824 824';
/** The mark alone, on its grid of 16 units. */
const MARK = '224 224 576 576';

/** Fine lines would only blur; the mark grows instead. */
const SMALL = {
  css: '.shadow,.detail,#rope{display:none} #thick-rope{display:inline}',
  mark: 'translate(512 512) scale(42) translate(-8 -8)',
} as const;

/** The program's icon on macOS. */
export function macIcon(size: number): Look {
  return size <= 32 ? { viewBox: '60 60 904 904', ...SMALL } : { viewBox: WITH_MARGIN, css: '' };
}

/** The program's icon on Linux and Windows. */
export function edgeIcon(size: number): Look {
  return size <= 48 ? { viewBox: PLATE, ...SMALL } : { viewBox: TO_THE_EDGE, css: '' };
}

/** What the icon in the menu bar or the system tray tells. */
export const TRAY_STATES = ['idle', 'active', 'paused'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

const LOADS: Readonly<Record<TrayState, string>> = {
  idle: '#thick-rope{display:inline}',
  active: '#crate{display:none} #arrow{display:inline}',
  paused: '#crate{display:none} #pause{display:inline}',
};

/** The mark in one colour. macOS takes only the shape of a template image and colours it itself. */
export function trayIcon(state: TrayState, colour: string): Look {
  const paint = `#mark rect,#mark path{fill:${colour}}`;
  return { viewBox: MARK, css: `#plate,.detail,#rope{display:none} ${LOADS[state]} ${paint}` };
}
