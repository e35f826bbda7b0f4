import { type FocusEvent, useEffect, useRef } from 'react';

/**
 * Returns the focus to a row that had it when it was recreated in another list: a download that became ready. Returns
 * the event handlers for the element around the lists.
 */
export function useKeptFocus(active: readonly string[], finished: readonly string[]) {
  const lists = useRef<HTMLDivElement>(null);
  const lastRow = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows move when one of the lists changes.
  useEffect(() => {
    if (lastRow.current === null || document.activeElement !== document.body) return;
    for (const row of lists.current?.querySelectorAll<HTMLElement>('[data-row]') ?? []) {
      if (row.dataset.row === lastRow.current) row.focus();
    }
  }, [active, finished]);
  return {
    ref: lists,
    onFocus: ({ target }: FocusEvent) => {
      const row = target.closest<HTMLElement>('[data-row]');
      lastRow.current = row?.dataset.row ?? null;
    },
    /** Moving to another part of the page is leaving; a removed row blurs without a next one. */
    onBlur: ({ relatedTarget, currentTarget }: FocusEvent) => {
      if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) lastRow.current = null;
    },
  };
}
