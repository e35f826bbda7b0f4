import { powerMonitor, powerSaveBlocker } from 'electron';
import type { ShellDeps } from '../app-state/shell-deps.ts';
import { doBytesMove, isLineWanted } from './activity.ts';
import { createNetworkWatch } from './network-watch.ts';

/** Lets the computer sleep again. */
export interface PowerHandle {
  dispose(): void;
}

/**
 * Keeps the computer awake while bytes move, and goes on at once after sleep, unlocking and a change of the network. Going to sleep needs
 * nothing: the ledger holds what is safe at any moment, and sockets that died meanwhile are given up by `downloads.retryNow`.
 */
export function setUpPower(deps: ShellDeps): PowerHandle {
  const awake = createWakeLock();
  const goOn = (why: string) => {
    const downloads = deps.state.current()?.downloads ?? [];
    if (why !== 'resume' && !isLineWanted(downloads)) return;
    deps.log.info(`power: ${why}, trying now`);
    void deps.call('downloads.retryNow', {}).then((outcome) => {
      if (!outcome.ok) deps.log.warn(`power: ${outcome.error.code}: ${outcome.error.message}`);
    });
  };
  const network = createNetworkWatch(() => goOn('network change'));
  const onResume = () => goOn('resume');
  const onUnlock = () => goOn('unlock');

  function update(): void {
    const downloads = deps.state.current()?.downloads ?? [];
    const isRunning = deps.engineStatus.current().state === 'running';
    awake.hold(isRunning && deps.preferences.current().keepAwake && doBytesMove(downloads));
    network.setWanted(isRunning && isLineWanted(downloads));
  }

  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onUnlock);
  const ends = [deps.state, deps.preferences, deps.engineStatus].map((source) => source.onChange(update));
  update();
  deps.exposeForTests('isKeptAwake', awake.isHeld);
  return {
    dispose: () => {
      for (const end of ends) end();
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
      network.setWanted(false);
      awake.hold(false);
    },
  };
}

/** Display and screen lock are left alone: only the system is kept from sleeping by itself. */
function createWakeLock() {
  let id: number | null = null;
  return {
    isHeld: () => id !== null,
    hold: (isWanted: boolean) => {
      if (isWanted === (id !== null)) return;
      if (id !== null) powerSaveBlocker.stop(id);
      id = isWanted ? powerSaveBlocker.start('prevent-app-suspension') : null;
    },
  };
}
