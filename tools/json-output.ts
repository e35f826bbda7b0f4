import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { schemaText } from './json-output/schema.ts';

/** Writes `docs/json-output.schema.json` from the shapes in `json-output/shapes.ts`. */
export const SCHEMA_FILE = fileURLToPath(new URL('../docs/json-output.schema.json', import.meta.url));

if (import.meta.main) await writeFile(SCHEMA_FILE, schemaText());
