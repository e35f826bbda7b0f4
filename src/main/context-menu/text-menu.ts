import type { MenuItemConstructorOptions } from 'electron';

/** What was clicked with the other button, as reported by Electron. */
export interface ClickedText {
  readonly isEditable: boolean;
  readonly selectionText: string;
  readonly editFlags: { readonly canCut: boolean; readonly canCopy: boolean; readonly canPaste: boolean };
}

/** What the system offers for text: everything in a field, copying of a selection elsewhere, nothing otherwise. */
export function textMenuItems(clicked: ClickedText): readonly MenuItemConstructorOptions[] {
  const { canCut, canCopy, canPaste } = clicked.editFlags;
  if (clicked.isEditable) {
    return [
      { role: 'cut', enabled: canCut },
      { role: 'copy', enabled: canCopy },
      { role: 'paste', enabled: canPaste },
      { type: 'separator' },
      { role: 'selectAll' },
    ];
  }
  return clicked.selectionText.trim() === '' ? [] : [{ role: 'copy' }];
}
