import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allIcons } from './all-icons.ts';
import { openDrawing } from './drawing.ts';

const RESOURCES = new URL('../../resources/', import.meta.url);

describe('the icons', () => {
  it('are what the picture says: after a change of it, `npm run icons` was run', async () => {
    const draw = await openDrawing(fileURLToPath(new URL('icons/haulyard.svg', RESOURCES)));
    const stale: string[] = [];
    for (const { name, content } of allIcons(draw)) {
      const committed = await readFile(new URL(name, RESOURCES));
      if (!committed.equals(content)) stale.push(name);
    }
    expect(stale).toEqual([]);
  });
});
