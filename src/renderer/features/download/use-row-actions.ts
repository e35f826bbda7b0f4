import { useMemo, useRef } from 'react';
import { useCall, useStores } from '../../stores/stores-context.tsx';
import { createRowActions, type RowActions } from './row-actions.ts';

/**
 * Returns the actions on this page's stores; the same object each time, so that rows do not render again because of it.
 */
export function useRowActions(): RowActions {
  const stores = useStores();
  const call = useRef(useCall());
  return useMemo(() => createRowActions(stores, call.current), [stores]);
}
