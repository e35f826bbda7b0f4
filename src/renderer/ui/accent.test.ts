import { describe, expect, it } from 'vitest';
import { accentColors, contrast, type Rgb } from './accent.ts';

/** Approximations of the accent colors that macOS offers. */
const SYSTEM: ReadonlyArray<readonly [string, Rgb]> = [
  ['blue', [0, 122, 255]],
  ['purple', [149, 61, 150]],
  ['pink', [247, 79, 158]],
  ['red', [224, 56, 62]],
  ['orange', [247, 130, 27]],
  ['yellow', [255, 199, 38]],
  ['green', [98, 186, 70]],
  ['graphite', [140, 140, 140]],
];

describe('the accent colour', () => {
  it.each(SYSTEM)('can be read on a light page and under white text when it is %s', (_name, system) => {
    const { accent, fill, text } = accentColors(system, false);
    expect(contrast(text, [241, 241, 244])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fill, [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent, [255, 255, 255])).toBeGreaterThanOrEqual(3);
  });

  it.each(SYSTEM)('can be read on a dark page when it is %s', (_name, system) => {
    const { accent, text } = accentColors(system, true);
    expect(contrast(text, [46, 46, 51])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent, [46, 46, 51])).toBeGreaterThanOrEqual(3);
  });

  it('stays as the system has it where it can be read already', () => {
    expect(accentColors([0, 90, 200], false)).toEqual({
      accent: [0, 90, 200],
      fill: [0, 90, 200],
      text: [0, 90, 200],
    });
  });
});

it('the contrast of black and white is 21', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
});
