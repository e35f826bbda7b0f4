import { useCallback, useEffect, useRef, useState } from 'react';

/** How long the word stays, in milliseconds. */
const STAYS_MS = 2500;

/** Returns whether something was just saved, and a function that reports a save. */
export function useSaved(): readonly [isSaved: boolean, markSaved: () => void] {
  const [isSaved, setSaved] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const markSaved = useCallback(() => {
    clearTimeout(timer.current);
    setSaved(true);
    timer.current = setTimeout(() => setSaved(false), STAYS_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [isSaved, markSaved];
}
