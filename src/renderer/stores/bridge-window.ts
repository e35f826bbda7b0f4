import type { Bridge } from '../../shared/contract/bridge.ts';

declare global {
  interface Window {
    /** Set by the preload script; a test sets a fake. */
    haulyard?: Bridge;
  }
}

/** Returns the bridge of this page. Throws where the preload script did not run. */
export function windowBridge(): Bridge {
  if (!window.haulyard) throw new Error('The bridge to the main process is missing.');
  return window.haulyard;
}
