/** A rectangle of the desktop, in points. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Initial size of the window, in points. */
export const DEFAULT_SIZE = { width: 1200, height: 800 } as const;
/** The page is usable from this size up, in points. */
export const MIN_SIZE = { width: 720, height: 480 } as const;

/** This much of the top edge must be on a display, so that the window can be grabbed and moved. */
const HANDLE = { width: 120, height: 24 } as const;

/**
 * Returns where to put the window: where it was, if it can be reached there and on a display of that size; else in the
 * middle of the first display. `displays` are the areas without menu bar and dock, the primary one first.
 */
export function windowBounds(saved: Rectangle | null, displays: readonly Rectangle[]): Rectangle {
  const [primary] = displays;
  if (!primary) return saved ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const display = saved && displays.find((area) => canReach(saved, area));
  if (!saved || !display) return centred(saved ?? { x: 0, y: 0, ...DEFAULT_SIZE }, primary);
  const width = clamp(saved.width, MIN_SIZE.width, Math.max(display.width, MIN_SIZE.width));
  const height = clamp(saved.height, MIN_SIZE.height, Math.max(display.height, MIN_SIZE.height));
  return { x: saved.x, y: saved.y, width, height };
}

/** True when enough of the top edge lies in the area. */
function canReach(window: Rectangle, area: Rectangle): boolean {
  const left = Math.max(window.x, area.x);
  const right = Math.min(window.x + window.width, area.x + area.width);
  const isOnSide = right - left >= Math.min(HANDLE.width, window.width);
  return isOnSide && window.y >= area.y && window.y + HANDLE.height <= area.y + area.height;
}

function centred({ width, height }: Rectangle, area: Rectangle): Rectangle {
  const fitting = {
    width: clamp(width, MIN_SIZE.width, Math.max(area.width, MIN_SIZE.width)),
    height: clamp(height, MIN_SIZE.height, Math.max(area.height, MIN_SIZE.height)),
  };
  return {
    x: Math.max(area.x, Math.round(area.x + (area.width - fitting.width) / 2)),
    y: Math.max(area.y, Math.round(area.y + (area.height - fitting.height) / 2)),
    ...fitting,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
