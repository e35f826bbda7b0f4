import { createContext, useContext } from 'react';

/**
 * False inside a row of a list that Tab passes over: a list is one stop, and the buttons of its current row are the next ones.
 * Arrow keys go from row to row.
 */
export const RowFocus = createContext(true);

/** What a control adds to its properties so that it is no stop of Tab in a row that is not the current one. */
export function useRowTabStop(): { readonly tabIndex?: -1 } {
  return useContext(RowFocus) ? {} : { tabIndex: -1 };
}
