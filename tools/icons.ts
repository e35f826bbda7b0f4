import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allIcons } from './icons/all-icons.ts';
import { openDrawing } from './icons/drawing.ts';

/** Draws every icon from `resources/icons/haulyard.svg`: `npm run icons`. The results are committed. */
const RESOURCES = fileURLToPath(new URL('../resources/', import.meta.url));

const draw = await openDrawing(join(RESOURCES, 'icons/haulyard.svg'));
for (const { name, content } of allIcons(draw)) {
  const file = join(RESOURCES, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  process.stdout.write(`${name} ${content.length} bytes\n`);
}
