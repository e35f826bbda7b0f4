import { useEffect } from 'react';
import { isBuildActive } from '../../../shared/projection/build-totals.ts';
import { isActive } from '../../../shared/projection/totals.ts';
import type { Stores } from '../../stores/stores.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { type KeyPress, keyRequest } from './key-request.ts';

/** Handles the shortcuts of the window. A key that is handled does not reach a menu, so nothing happens twice. */
export function useKeyboard(): void {
  const stores = useStores();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      const press = pressOf(event);
      // The page is not text: ⌘A would select its labels.
      if (isSelectAll(press)) return event.preventDefault();
      if (closesInspector(press, event, stores)) return stores.navigation.getState().toggleInspector();
      // A control that is busy swallows every key, even shortcuts that are not meant for it.
      if (event.defaultPrevented && !press.hasMain) return;
      const request = keyRequest(press);
      if (!request) return;
      event.preventDefault();
      if (event.repeat) return;
      if (request.do === 'toggle-all') toggleAll(stores);
      else stores.requests.emit(request);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [stores]);
}

function isSelectAll({ key, hasMain, hasAlt, hasShift, target }: KeyPress): boolean {
  return hasMain && !hasAlt && !hasShift && key.toLowerCase() === 'a' && target !== 'text';
}

/** Escape closes it from anywhere in Downloads, unless something in front takes the key. */
function closesInspector({ key, target }: KeyPress, event: KeyboardEvent, { navigation }: Stores): boolean {
  const { section, isInspectorOpen } = navigation.getState();
  if (key !== 'Escape' || target === 'text' || event.defaultPrevented) return false;
  return isInspectorOpen && section === 'downloads' && document.querySelector(IN_FRONT) === null;
}

const IN_FRONT = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Pauses everything that runs, or resumes everything when nothing runs. */
function toggleAll({ engine, bridge }: Stores): void {
  const { downloads = [], builds = [] } = engine.store.getState().downloads ?? {};
  const isAnyActive = downloads.some(isActive) || builds.some(isBuildActive);
  void bridge.call(isAnyActive ? 'downloads.pauseAll' : 'downloads.resumeAll', {});
}

function pressOf(event: KeyboardEvent): KeyPress {
  const isMac = document.documentElement.dataset.platform === 'darwin';
  return {
    code: event.code,
    key: event.key,
    hasMain: isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey,
    hasAlt: event.altKey,
    hasShift: event.shiftKey,
    target: targetOf(event.target),
  };
}

const TEXT = 'input:not([type=checkbox]):not([type=radio]), textarea, [contenteditable=true]';
/** What Space presses, and everything that covers the page. */
const CONTROL =
  'button, a[href], select, summary, input, [role=button], [role=radio], [role=switch], [role=menuitem], [role=dialog], [role=alertdialog], [role=menu]';

function targetOf(target: EventTarget | null): KeyPress['target'] {
  if (!(target instanceof Element)) return 'page';
  if (target.closest(TEXT)) return 'text';
  return target.closest(CONTROL) ? 'control' : 'page';
}
