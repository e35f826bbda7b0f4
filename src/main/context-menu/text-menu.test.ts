import { describe, expect, it } from 'vitest';
import { textMenuItems } from './text-menu.ts';

const flags = { canCut: false, canCopy: false, canPaste: true };
const roles = (...clicked: Parameters<typeof textMenuItems>) =>
  textMenuItems(...clicked).map(({ role, enabled }) => (enabled === false ? `(${role})` : role));

describe('textMenuItems', () => {
  it('offers in a field what can be done there', () => {
    const clicked = { isEditable: true, selectionText: '', editFlags: flags };
    expect(roles(clicked)).toEqual(['(cut)', '(copy)', 'paste', undefined, 'selectAll']);
  });

  it('offers to copy a selection', () => {
    expect(roles({ isEditable: false, selectionText: 'a commit', editFlags: flags })).toEqual(['copy']);
  });

  it('offers nothing where there is no text', () => {
    expect(roles({ isEditable: false, selectionText: ' ', editFlags: flags })).toEqual([]);
  });
});
