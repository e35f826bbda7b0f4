import { describe, expect, it } from 'vitest';
import { contextMenuItems } from './context-menu.ts';

const flags = { canCut: false, canCopy: false, canPaste: true };
const roles = (...clicked: Parameters<typeof contextMenuItems>) =>
  contextMenuItems(...clicked).map(({ role, enabled }) => (enabled === false ? `(${role})` : role));

describe('contextMenuItems', () => {
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
