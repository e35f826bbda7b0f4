import type { LibraryActions } from './library-actions.ts';
import type { NamedModel } from './library-rows.ts';

/** What a row of the library is made of; its menu needs the same. */
export interface ModelRowProps extends NamedModel {
  readonly actions: LibraryActions;
  readonly isSelected: boolean;
  /** The one row of the list that Tab goes to. */
  readonly isTabStop: boolean;
  readonly onSelect: () => void;
  readonly onRemove: () => void;
}
