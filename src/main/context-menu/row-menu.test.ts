import { describe, expect, it, vi } from 'vitest';
import { rowMenuTemplate } from './row-menu.ts';

describe('the menu of a row', () => {
  it('says what the program says, with a line between groups', () => {
    const onChoose = vi.fn();
    const items = rowMenuTemplate(
      [[{ name: 'reveal' }, { name: 'verify', isDisabled: true }], [{ name: 'remove' }]],
      {
        platform: 'darwin',
        onChoose,
      },
    );
    expect(items.map(({ label, type, enabled }) => label ?? type ?? enabled)).toEqual([
      'Show in Finder',
      'Verify',
      'separator',
      'Remove…',
    ]);
    expect(items[1]?.enabled).toBe(false);
    items[3]?.click?.({} as never, undefined, {} as never);
    expect(onChoose.mock.calls).toEqual([['remove']]);
  });
});
