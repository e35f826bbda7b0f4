import { accentColors, type Rgb } from './accent.ts';

/**
 * Applies the accent color of the system to the tokens, again whenever the window gets the focus or the theme changes.
 * Only on a Mac: elsewhere `AccentColor` is a constant of the browser and not the user's choice. Returns a function
 * that stops it.
 */
export function followAccent(page: Document, view: Window): () => void {
  const dark = view.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const system = systemAccent(page, view);
    if (!system) return;
    const { accent, fill, text } = accentColors(system, dark.matches);
    const { style } = page.documentElement;
    style.setProperty('--accent', css(accent));
    style.setProperty('--accent-fill', css(fill));
    style.setProperty('--accent-text', css(text));
    style.setProperty('--accent-soft', css(accent, dark.matches ? 0.18 : 0.11));
  };
  apply();
  view.addEventListener('focus', apply);
  dark.addEventListener('change', apply);
  return () => {
    view.removeEventListener('focus', apply);
    dark.removeEventListener('change', apply);
  };
}

function css([red, green, blue]: Rgb, alpha = 1): string {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/** Returns the value of `AccentColor`; null where the browser does not support it. */
function systemAccent(page: Document, view: Window): Rgb | null {
  if (!CSS.supports('color', 'AccentColor')) return null;
  const probe = page.createElement('i');
  probe.style.color = 'AccentColor';
  page.documentElement.append(probe);
  const parts =
    view
      .getComputedStyle(probe)
      .color.match(/[\d.]+/g)
      ?.map(Number) ?? [];
  probe.remove();
  const [red, green, blue] = parts;
  return red === undefined || green === undefined || blue === undefined ? null : [red, green, blue];
}
