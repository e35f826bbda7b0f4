/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The system's accent color, adjusted to be legible. */
export interface AccentColors {
  /** Bars, focus rings, selected things: 3 : 1 on the page. */
  readonly accent: Rgb;
  /** Behind white text: 4.5 : 1. */
  readonly fill: Rgb;
  /** As text on the page: 4.5 : 1. */
  readonly text: Rgb;
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The surfaces of tokens.css with the least contrast. */
const LIGHT_PAGE: Rgb = [241, 241, 244];
const DARK_PAGE: Rgb = [46, 46, 51];

/** Relative luminance as defined by WCAG 2.2. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Contrast of two colors, from 1 to 21 (WCAG 2.2). */
export function contrast(one: Rgb, other: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function mix(color: Rgb, other: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(color[index] + (other[index] - color[index]) * share);
  return [part(0), part(1), part(2)];
}

/** Moves the color towards `target` in small steps until it stands out enough from `against`. */
function until(color: Rgb, target: Rgb, against: Rgb, least: number): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(color, target, share);
    if (contrast(mixed, against) >= least) return mixed;
  }
  return target;
}

/** Returns the accent colors of a page in this theme for the system's accent color. */
export function accentColors(system: Rgb, isDark: boolean): AccentColors {
  const page = isDark ? DARK_PAGE : LIGHT_PAGE;
  const away = isDark ? WHITE : BLACK;
  return {
    accent: until(system, away, page, 3),
    fill: until(system, BLACK, WHITE, 4.5),
    text: until(system, away, page, 4.5),
  };
}
