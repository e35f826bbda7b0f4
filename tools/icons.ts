import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ICNS_SIZES, icns, ico } from './icons/containers.ts';
import { type Draw, type Look, openDrawing } from './icons/drawing.ts';
import { edgeIcon, macIcon, TRAY_STATES, trayIcon } from './icons/looks.ts';

/** Draws every icon from `resources/icons/haulyard.svg`: `npm run icons`. The results are committed. */
const RESOURCES = fileURLToPath(new URL('../resources/', import.meta.url));

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Sides of a menu bar image in points. Trays of Linux desktops scale what they get to 16 … 24 pixels. */
const MENU_BAR_POINTS = 16;
const TRAY_POINTS = 32;

const draw = await openDrawing(join(RESOURCES, 'icons/haulyard.svg'));
const sized = (sizes: readonly number[], look: (size: number) => Look) =>
  sizes.map((size) => ({ size, png: draw(look(size), size) }));

await save('icons/haulyard.icns', icns(sized(ICNS_SIZES, macIcon)));
await save('icons/haulyard.ico', ico(sized(ICO_SIZES, edgeIcon)));
for (const { size, png } of sized(LINUX_SIZES, edgeIcon)) await save(`icons/linux/${size}x${size}.png`, png);
for (const state of TRAY_STATES) {
  await saveTrayImage(draw, `${state}Template`, trayIcon(state, '#000000'), MENU_BAR_POINTS);
  await saveTrayImage(draw, `${state}-on-dark`, trayIcon(state, '#f4f8fa'), TRAY_POINTS);
  await saveTrayImage(draw, `${state}-on-light`, trayIcon(state, '#1d2b33'), TRAY_POINTS);
}

/** Electron finds the picture for dense displays by its name. */
async function saveTrayImage(drawing: Draw, name: string, look: Look, points: number): Promise<void> {
  await save(`tray/${name}.png`, drawing(look, points));
  await save(`tray/${name}@2x.png`, drawing(look, 2 * points));
}

async function save(name: string, content: Uint8Array): Promise<void> {
  const file = join(RESOURCES, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  process.stdout.write(`${name} ${content.length} bytes\n`);
}
