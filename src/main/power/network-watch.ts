import { networkInterfaces } from 'node:os';
import { net } from 'electron';
import { isNewChance, type NetworkLook, networkIdentity } from './network-identity.ts';

/** Looks at the network while somebody waits for it. */
export interface NetworkWatch {
  /** Begins or ends looking. */
  setWanted(isWanted: boolean): void;
}

/** No system tells all changes of a network as an event; a look costs some tens of microseconds. */
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
      // What is compared with is the network over which bytes came: its end may be what the waiting began with.
      if (isWanted) tick();
      else last = look();
    },
  };
}

function look(): NetworkLook {
  return { identity: networkIdentity(networkInterfaces()), isOnline: net.isOnline() };
}
