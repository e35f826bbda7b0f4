import { ICNS_SIZES, icns, ico } from './containers.ts';
import type { Draw, Look } from './drawing.ts';
import { edgeIcon, macIcon, TRAY_STATES, trayIcon } from './looks.ts';

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Sides of a menu bar image in points. Trays of Linux desktops scale what they get to 16 … 24 pixels. */
const MENU_BAR_POINTS = 16;
const TRAY_POINTS = 32;

/** A file below `resources/`. */
export interface IconFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Every icon of the program, for all platforms. */
export function allIcons(draw: Draw): readonly IconFile[] {
  const sized = (sizes: readonly number[], look: (size: number) => Look) =>
    sizes.map((size) => ({ size, png: draw(look(size), size) }));
  const linux = sized(LINUX_SIZES, edgeIcon);
  return [
    { name: 'icons/haulyard.icns', content: icns(sized(ICNS_SIZES, macIcon)) },
    { name: 'icons/haulyard.ico', content: ico(sized(ICO_SIZES, edgeIcon)) },
    ...linux.map(({ size, png }) => ({ name: `icons/linux/${size}x${size}.png`, content: png })),
    ...TRAY_STATES.flatMap((state) => [
      ...trayImage(draw, `${state}Template`, trayIcon(state, '#000000'), MENU_BAR_POINTS),
      ...trayImage(draw, `${state}-on-dark`, trayIcon(state, '#f4f8fa'), TRAY_POINTS),
      ...trayImage(draw, `${state}-on-light`, trayIcon(state, '#1d2b33'), TRAY_POINTS),
    ]),
  ];
}

/** Electron finds the picture for dense displays by its name. */
function trayImage(draw: Draw, name: string, look: Look, points: number): readonly IconFile[] {
  return [
    { name: `tray/${name}.png`, content: draw(look, points) },
    { name: `tray/${name}@2x.png`, content: draw(look, 2 * points) },
  ];
}
