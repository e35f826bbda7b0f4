import { type RefObject, useEffect, useRef } from 'react';
import type { NavigationState } from './navigation-store.ts';
import { useNavigation } from './stores-context.tsx';

/** Returns a ref for the input that takes the focus when ⌘F (`search`), ⌘L (`link`) or a button requests it. */
export function useWantedFocus(
  field: NonNullable<NavigationState['focusWanted']>,
): RefObject<HTMLInputElement | null> {
  const ref = useRef<HTMLInputElement>(null);
  const isWanted = useNavigation(({ focusWanted }) => focusWanted === field);
  const taken = useNavigation(({ focusTaken }) => focusTaken);
  useEffect(() => {
    if (!isWanted || !ref.current) return;
    ref.current.focus();
    ref.current.select();
    taken();
  }, [isWanted, taken]);
  return ref;
}
