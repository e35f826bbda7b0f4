import { describe, expect, it } from 'vitest';
import { type Rectangle, windowBounds } from './bounds.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1512, height: 945 };
const second: Rectangle = { x: 1512, y: 0, width: 2560, height: 1440 };

describe('windowBounds', () => {
  it('is in the middle of the first display at first', () => {
    expect(windowBounds(null, [laptop, second])).toEqual({ x: 156, y: 98, width: 1200, height: 800 });
  });

  it('is where it was', () => {
    const saved = { x: 1700, y: 100, width: 1000, height: 700 };
    expect(windowBounds(saved, [laptop, second])).toEqual(saved);
  });

  it('may hang out of a display as long as it can be taken and moved', () => {
    const saved = { x: -800, y: 500, width: 1000, height: 700 };
    expect(windowBounds(saved, [laptop])).toEqual(saved);
  });

  it.each([
    ['on a display that is gone', { x: 1700, y: 100, width: 1000, height: 700 }],
    ['above the display, its top edge out of reach', { x: 100, y: -50, width: 1000, height: 700 }],
    ['below the display', { x: 100, y: 965, width: 1000, height: 700 }],
    ['nearly out at the side', { x: 1500, y: 100, width: 1000, height: 700 }],
  ])('comes back to the first display, in its size, from %s', (_where, saved) => {
    expect(windowBounds(saved, [laptop])).toEqual({ x: 256, y: 148, width: 1000, height: 700 });
  });

  it('shrinks to a display that is smaller', () => {
    const saved = { x: 0, y: 25, width: 4000, height: 3000 };
    expect(windowBounds(saved, [laptop])).toEqual({ x: 0, y: 25, width: 1512, height: 945 });
  });

  it('keeps its least size and its top left corner in view on a tiny display', () => {
    const tiny = { x: 0, y: 0, width: 640, height: 400 };
    expect(windowBounds(null, [tiny])).toEqual({ x: 0, y: 0, width: 720, height: 480 });
  });

  it('stays where it was when no display is known', () => {
    const saved = { x: 5, y: 6, width: 800, height: 600 };
    expect(windowBounds(saved, [])).toEqual(saved);
  });
});
