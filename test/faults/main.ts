import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ALL } from './all.ts';
import { runAll } from './run-all.ts';
import { table } from './table.ts';

/**
 * Injects every fault and writes the results to docs/reliability.md: `node test/faults/main.ts`. With `--only TEXT`
 * only the faults with that text in them (or one of several, separated by commas) are injected, and the table goes to
 * the terminal. With `--areas NAMES` the faults of these areas are injected, and the rest of the page is kept; with
 * `--areas ''` only the cases and their tests are rewritten. Needs `npm run build`.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    areas: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
  },
});
const { only, areas } = values;
const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const wanted = ALL.filter(
  ({ area, fault }) =>
    (only === undefined || only.split(',').some((text) => `${area}: ${fault}`.includes(text))) &&
    (areas === undefined || areas.split(',').includes(area)),
);
const rows = await runAll(wanted, Number(values['at-once']), (line) => console.log(line));
const text = table(rows, areas === undefined ? '' : await readFile(page, 'utf8'));
if (only === undefined) await writeFile(page, text);
else console.log(`\n${text}`);
const broken = rows.filter((row) => row.broken !== null);
console.log(
  `${rows.length} faults, ${broken.length} broken, ${rows.filter((row) => row.skipped !== null).length} skipped`,
);
process.exit(broken.length > 0 ? 1 : 0);
