import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import { type Bridge, type BridgeEvent, CALL_CHANNEL, EVENT_CHANNEL } from '../shared/contract/bridge.ts';

/** All that the page gets: three functions. It runs isolated from the page, in the sandbox. */

/** Older Electrons have no `webUtils`; there a file knows its own path. */
const anyWebUtils: Partial<typeof webUtils> | undefined = webUtils;

const bridge: Bridge = {
  call: async (name, args) => {
    try {
      return await ipcRenderer.invoke(CALL_CHANNEL, name, args);
    } catch {
      // Main answers every call. It did not, so it is ending, or the argument could not be sent at all.
      const message = 'Haulyard did not answer. What was received is safe. Try again in a moment.';
      return { ok: false, error: { code: 'EngineUnavailable', message, retryable: true, details: {} } };
    }
  },
  on: (listener) => {
    const hear = (_event: IpcRendererEvent, event: BridgeEvent) => listener(event);
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => void ipcRenderer.off(EVENT_CHANNEL, hear);
  },
  pathOf: (file) => {
    try {
      const path = anyWebUtils?.getPathForFile?.(file as File) ?? (file as { path?: unknown }).path;
      return typeof path === 'string' ? path : '';
    } catch {
      return '';
    }
  },
};

contextBridge.exposeInMainWorld('haulyard', bridge);
