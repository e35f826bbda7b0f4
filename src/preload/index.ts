import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import {
  type Bridge,
  type BridgeEvent,
  CALL_CHANNEL,
  EVENT_CHANNEL,
  OFFER_CHANNEL,
} from '../shared/contract/bridge.ts';
import type { ErrorData } from '../shared/contract/errors.ts';

/** The page's whole API: three functions. Runs isolated from the page, in the sandbox. */

/** Older Electrons have no `webUtils`; there a file knows its own path. */
const anyWebUtils: Partial<typeof webUtils> | undefined = webUtils;

/** Main answers every call. If it did not, the argument could not be sent at all, or main is ending. */
function unanswered(error: unknown): ErrorData {
  if (error instanceof Error && /could not be cloned/.test(error.message)) {
    const message = 'Part of this request can’t be sent. Nothing was done.';
    return { code: 'BadRequest', message, retryable: false, details: {} };
  }
  const message = 'Haulyard didn’t answer. Your progress is saved. Try again in a moment.';
  return { code: 'EngineUnavailable', message, retryable: true, details: {} };
}

/** Only for a real file: an object with a `path` can be made by anybody. Its tag cannot be forged across the bridge. */
function pathOf(file: unknown): string {
  if (Object.prototype.toString.call(file) !== '[object File]') return '';
  try {
    const path = anyWebUtils?.getPathForFile?.(file as File) ?? (file as { path?: unknown }).path;
    return typeof path === 'string' ? path : '';
  } catch {
    return '';
  }
}

const bridge: Bridge = {
  call: async (name, args) => {
    try {
      return await ipcRenderer.invoke(CALL_CHANNEL, name, args);
    } catch (error) {
      return { ok: false, error: unanswered(error) };
    }
  },
  on: (listener) => {
    const hear = (_event: IpcRendererEvent, event: BridgeEvent) => listener(event);
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => void ipcRenderer.off(EVENT_CHANNEL, hear);
  },
  pathOf: (file) => {
    const path = pathOf(file);
    // Sent before the page can name the path in a call, and kept in order with it.
    if (path !== '') ipcRenderer.send(OFFER_CHANNEL, path);
    return path;
  },
};

contextBridge.exposeInMainWorld('haulyard', bridge);
