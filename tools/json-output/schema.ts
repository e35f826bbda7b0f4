import { z } from 'zod';
import { SHAPES } from './shapes.ts';

/** The published schema, as text. A reader must ignore fields that it does not know: newer versions add some. */
export function schemaText(): string {
  const definitions = Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const { $schema: _, ...definition } = z.toJSONSchema(shape, {
        override: ({ jsonSchema }) => {
          delete jsonSchema.additionalProperties;
        },
      });
      return [name, definition];
    }),
  );
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Lines that haulyard prints on standard output with --json',
    description:
      'Each line is one JSON object of one of these shapes; the name is that of the command. Readers ignore fields that they do not know.',
    anyOf: Object.keys(definitions).map((name) => ({ $ref: `#/$defs/${name.replaceAll(' ', '%20')}` })),
    $defs: definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
