import { ipcMain } from 'electron';
import { CALL_CHANNEL } from '../../shared/contract/bridge.ts';
import { createGate, type GateDeps } from './gate.ts';

/** Opens the gate to the page. `onCall` hears of each call of the page itself, after it was answered. */
export function setUpGate(deps: GateDeps & { readonly onCall: () => void }): void {
  const gate = createGate(deps);
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, args: unknown) => {
    const outcome = await gate(event, name, args);
    if (event.sender.id === deps.page.contentsId()) deps.onCall();
    return outcome;
  });
}
