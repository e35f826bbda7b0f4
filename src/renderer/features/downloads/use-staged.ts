import { useEffect, useState } from 'react';

/** Rows that fill a window of usual height: they are rendered at once. */
const AT_ONCE = 6;
/** Rows added per task, few enough for a task of some milliseconds. */
const AT_A_TIME = 2;

/**
 * Returns the start of a long list, longer with each task until it is complete, so that showing a list never blocks the
 * page.
 */
export function useStaged<T>(items: readonly T[]): readonly T[] {
  const [shown, setShown] = useState(AT_ONCE);
  const isWhole = shown >= items.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is the reason for the next one.
  useEffect(() => {
    if (isWhole) return;
    const timer = setTimeout(() => setShown((count) => count + AT_A_TIME), 0);
    return () => clearTimeout(timer);
  }, [isWhole, shown]);
  return isWhole ? items : items.slice(0, shown);
}
