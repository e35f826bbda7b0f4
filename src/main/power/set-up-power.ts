import { powerMonitor, powerSaveBlocker } from 'electron';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { doBytesMove, isLineWanted } from './activity.ts';
import { createNetworkWatch } from './network-watch.ts';

/** Lets the computer sleep again. */
export interface PowerHandle {
  dispose(): void;
}

/**
 * Once more after waking: clocks stop during sleep, so a connection that died during it counts as silent only some
 * seconds later (3 s in the engine's `scheduler.ts`), and only silent ones are redialed.
 */
const SECOND_TRY_MS = 5000;

/**
 * Keeps the computer awake while bytes move. Before sleep, connections are dropped and received bytes are made durable;
 * after it, after unlocking and after a change of the network, downloads continue at once.
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
  let secondTry: NodeJS.Timeout | null = null;
  const onResume = () => {
    goOn('resume');
    if (secondTry !== null) clearTimeout(secondTry);
    secondTry = setTimeout(() => goOn('still silent after resume'), SECOND_TRY_MS);
  };
  const onSuspend = () => {
    void deps.call('downloads.suspend', {}).then((outcome) => {
      if (!outcome.ok) deps.log.warn(`power: suspend: ${outcome.error.code}: ${outcome.error.message}`);
    });
  };
  const onUnlock = () => goOn('unlock');

  function update(): void {
    const state = deps.state.current();
    const downloads = state?.downloads ?? [];
    const isRunning = deps.engineStatus.current().state === 'running';
    awake.hold(
      isRunning && deps.preferences.current().keepAwake && doBytesMove(downloads, state?.builds ?? []),
    );
    network.setWanted(isRunning && isLineWanted(downloads));
  }

  powerMonitor.on('suspend', onSuspend);
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onUnlock);
  const ends = [deps.state, deps.preferences, deps.engineStatus].map((source) => source.onChange(update));
  update();
  deps.exposeForTests('isKeptAwake', awake.isHeld);
  return {
    dispose: () => {
      for (const end of ends) end();
      powerMonitor.off('suspend', onSuspend);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
      if (secondTry !== null) clearTimeout(secondTry);
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
