import type { Bridge } from '../../shared/contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by the preload script; a test puts a fake one there. */
    haulyard?: Bridge;
  }
}

/** The bridge of this page. Throws where the preload script did not run. */
export function windowBridge(): Bridge {
  if (!window.haulyard) throw new Error('The bridge to the main process is missing.');
  return window.haulyard;
}
