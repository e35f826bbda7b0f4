import { ipcMain } from 'electron';
import { CALL_CHANNEL, OFFER_CHANNEL } from '../../shared/contract/bridge.ts';
import type { OfferedPaths } from '../consent/offered-paths.ts';
import { createGate, type GateDeps } from './gate.ts';
import { isTrustedSender } from './sender.ts';

/** Dependencies of {@link setUpGate}. */
export interface GateSetUp extends GateDeps {
  /** Called after each call of the page itself was answered. */
  readonly onCall: () => void;
  readonly offered: Pick<OfferedPaths, 'offer'>;
}

/** Longer than any path of a file system. */
const MAX_PATH_CHARACTERS = 8000;

/** Opens the gate to the page. */
export function setUpGate(deps: GateSetUp): void {
  const gate = createGate(deps);
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, args: unknown) => {
    const outcome = await gate(event, name, args);
    if (event.sender.id === deps.page.contentsId()) deps.onCall();
    return outcome;
  });
  ipcMain.on(OFFER_CHANNEL, (event, path: unknown) => {
    const isPath = typeof path === 'string' && path.length <= MAX_PATH_CHARACTERS;
    if (isPath && isTrustedSender(event, deps.page)) deps.offered.offer(path);
  });
}
