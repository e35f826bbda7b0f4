import { useMemo, useRef } from 'react';
import { useCall, useStores } from '../../stores/stores-context.tsx';
import { createLibraryActions, type LibraryActions } from './library-actions.ts';

/** Returns the actions on this page's stores; the same object each time. */
export function useLibraryActions(): LibraryActions {
  const stores = useStores();
  const call = useRef(useCall());
  return useMemo(() => createLibraryActions(stores, call.current), [stores]);
}
