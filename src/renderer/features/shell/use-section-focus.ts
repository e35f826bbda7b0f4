import { type RefObject, useEffect, useRef } from 'react';
import type { Section } from '../../../shared/contract/bridge.ts';
import { useNavigation } from '../../stores/stores-context.tsx';

/**
 * When a section was chosen by a key or a menu, the focused element is gone. Moves the focus to the current row of the
 * list, or to the title, so that Tab and the arrow keys continue from there.
 */
export function useSectionFocus(section: Section): RefObject<HTMLElement | null> {
  const content = useRef<HTMLElement>(null);
  const shown = useRef(section);
  const isWanted = useNavigation(({ focusWanted }) => focusWanted !== null);
  useEffect(() => {
    if (shown.current === section) return;
    shown.current = section;
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (isWanted || !isNowhere) return;
    const row = content.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]');
    (row ?? content.current?.querySelector<HTMLElement>('h1'))?.focus();
  }, [section, isWanted]);
  return content;
}
