import { type BrowserWindow, screen } from 'electron';
import type { ShellState } from '../preferences/shell-state.ts';
import type { Rectangle } from './bounds.ts';

/** Position of the window. */
export type Place = Pick<ShellState, 'bounds' | 'isMaximized'>;

/** Moving a window reports each point on its way; the position is saved when it has come to rest. */
const REST_MS = 500;

/** Saves the position of the window each time it has come to rest, and when it is hidden before that. */
export function followPlace(window: BrowserWindow, save: (place: Place) => void): void {
  let timer: NodeJS.Timeout | undefined;
  const rest = () => {
    timer = undefined;
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    save({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(rest, REST_MS);
  };
  const now = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    rest();
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('hide', now);
  window.on('close', now);
}

/** Returns the areas of the displays that windows may use, the primary one first. */
export function workAreas(): readonly Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}
