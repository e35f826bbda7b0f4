import { expect, it } from 'vitest';
import { renderTable } from './table.ts';

it('renders a table as aligned Markdown, names to the left and numbers to the right', () => {
  const table = {
    title: 'Line',
    columns: ['who', 's'],
    rows: [
      ['curl', '10.25'],
      ['us', '9'],
    ],
  };
  expect(renderTable(table)).toBe(
    ['**Line**', '', '| who  |     s |', '| ---- | ----: |', '| curl | 10.25 |', '| us   |     9 |', ''].join(
      '\n',
    ),
  );
});

it('leaves cells that are missing empty', () => {
  expect(renderTable({ title: 't', columns: ['a', 'b'], rows: [['x']] })).toContain('| x   |     |');
});
