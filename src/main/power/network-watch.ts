import { networkInterfaces } from 'node:os';
import { net } from 'electron';
import { isNewChance, type NetworkLook, networkIdentity } from './network-identity.ts';

/** Checks the network while something waits for it. */
export interface NetworkWatch {
  /** Starts or stops checking. */
  setWanted(isWanted: boolean): void;
}

/** No system reports all changes of a network as events; a check costs some tens of microseconds. */
const LOOK_INTERVAL_MS = 3000;

export function createNetworkWatch(onNewChance: () => void): NetworkWatch {
  let timer: NodeJS.Timeout | null = null;
  let last = look();

  function tick(): void {
    const now = look();
    const isChance = isNewChance(last, now);
    last = now;
    if (isChance) onNewChance();
  }

  return {
    setWanted: (isWanted) => {
      if (isWanted === (timer !== null)) return;
      if (timer !== null) clearInterval(timer);
      timer = isWanted ? setInterval(tick, LOOK_INTERVAL_MS) : null;
      // The baseline is the network over which bytes arrived: its end may be what started the wait.
      if (isWanted) tick();
      else last = look();
    },
  };
}

function look(): NetworkLook {
  return { identity: networkIdentity(networkInterfaces()), isOnline: net.isOnline() };
}
