import { createContext, useContext } from 'react';

/**
 * False inside a row of a list that Tab skips: a list is one tab stop, and the buttons of its current row are the next
 * ones. Arrow keys go from row to row.
 */
export const RowFocus = createContext(true);

/** Properties that take a control out of the tab order in a row that is not the current one. */
export function useRowTabStop(): { readonly tabIndex?: -1 } {
  return useContext(RowFocus) ? {} : { tabIndex: -1 };
}
