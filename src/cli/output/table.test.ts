import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';
import { tableLines } from './table.ts';

describe('tableLines', () => {
  it('aligns columns to their widest cell', () => {
    const lines = tableLines(
      [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }],
      [
        ['moshi', '15.4 GB'],
        ['x', '1 B'],
      ],
    );
    expect(lines).toEqual(['NAME      SIZE', 'moshi  15.4 GB', 'x          1 B']);
  });

  it('shows only the titles when there are no rows', () => {
    expect(tableLines([{ title: 'NAME' }], [])).toEqual(['NAME']);
  });

  it('lets no escape sequence through to the terminal', () => {
    expect(tableLines([{ title: 'N' }], [['a\u001b[2Jb']])[1]).toBe('a?[2Jb');
  });
});

describe('printable', () => {
  it.each([
    ['two\nlines', 'two lines'],
    ['\u001b]0;title\u0007', '?]0;title?'],
    ['gnp.\u202Eexe', 'gnp.?exe'],
    ['\u009b2J', '?2J'],
    ['Größe 模型 ✓', 'Größe 模型 ✓'],
  ])('makes %j safe', (text, safe) => {
    expect(printable(text)).toBe(safe);
  });
});
