import type { Preferences } from '../../shared/contract/preferences.ts';
import type { Machine } from '../foundation/machine.ts';
import type { Places } from '../foundation/places.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';
import { needsRestart, settingsInUse } from '../preferences/in-use.ts';
import { tokenSource } from '../secrets/token-source.ts';
import type { TokenStore } from '../secrets/token-store.ts';
import { engineEnvironment, refusedSetting } from './engine-environment.ts';
import { createEngineHost, type EngineHost } from './engine-host.ts';
import { engineStarter } from './engine-starter.ts';

/** Dependencies of {@link setUpEngine}. */
export interface EngineSetUp {
  readonly machine: Machine;
  readonly places: Places;
  readonly preferences: Followed<Preferences>;
  readonly tokens: Pick<TokenStore, 'tokenFor' | 'status'>;
  readonly log: Log;
}

/**
 * Sets up the host of the engine, with the settings of this app. It starts on request, and restarts when settings
 * require it.
 */
export function setUpEngine({ machine, places, preferences, tokens, log }: EngineSetUp): EngineHost {
  const inUse = () => settingsInUse(preferences.current(), machine.env, machine.homedir);
  const host = createEngineHost({
    start: engineStarter(places.engineEntry, machine),
    environment: () => engineEnvironment(machine.env, inUse().proxy),
    settings: async () => ({
      dataDir: places.dataDir,
      cacheDir: inUse().cacheDir,
      endpoint: inUse().endpoint,
      homeDir: machine.homedir,
      catalogFile: places.catalogFile,
      givenCatalog: places.givenCatalog,
      token: await tokens.tokenFor(inUse().endpoint),
      tokenSource: tokenSource(await tokens.status(inUse().endpoint)),
      version: machine.version,
      program: 'Haulyard',
    }),
    now: Date.now,
    log,
  });
  const refused = refusedSetting(machine.env);
  if (refused !== null) log.warn(refused);
  let before = inUse();
  preferences.onChange(() => {
    const after = inUse();
    const isNeeded = needsRestart(before, after);
    before = after;
    if (isNeeded) void host.restart();
  });
  host.status.onChange((status) => log.info(`Engine: ${JSON.stringify(status)}`));
  return host;
}
