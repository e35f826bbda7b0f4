import type { ConnectedEngine } from '../engine/connect/connect-engine.ts';
import { connectEngine } from '../engine/connect/connect-engine.ts';
import type { EngineOptions } from '../engine/engine.ts';
import type { OwnerInfo } from '../engine/serve/join.ts';
import type { SharedSettings } from '../engine/serve/protocol.ts';

/**
 * What a command connects to: `owner`, the live engine, which is this process if there is none; `live`, the live
 * engine, or the ledger at rest if there is none; `reader`, the ledger as it is on disk, whoever owns it.
 */
export type Access = 'owner' | 'live' | 'reader';

/** How a command is connected. */
export interface ConnectUse {
  readonly access: Access;
  readonly settings: SharedSettings;
  /** Throws when the command must not be a guest of this owner. */
  readonly checkOwner: (owner: OwnerInfo) => void;
  /** True for a program that runs the whole queue. */
  readonly runsQueue?: boolean;
}

/** Connects a command to the engine. */
export type Connect = (options: EngineOptions, use: ConnectUse) => Promise<ConnectedEngine>;

/** A guest that is still connected after this time is following a download, in milliseconds. */
const PRELOAD_MS = 1000;

/** Loads the engine on demand: help, bad input and a guest work without it. */
export const connect: Connect = async (options, { access, ...use }) => {
  const open = async () => {
    const { openEngine } = await import('../engine/engine.ts');
    return openEngine({ ...options, access: access === 'owner' ? 'owner' : 'reader' });
  };
  if (access === 'reader') {
    const engine = await open();
    return { ...engine, owner: null, guests: () => [], onNewRun: () => () => undefined };
  }
  const { token, giveUpAfterMs, waitsForDisk } = options;
  const connected = await connectEngine({
    ...options,
    ...use,
    run: { token, giveUpAfterMs, waitsForDisk, keepsFailures: false },
    open,
    ifAbsent: access === 'owner' ? 'own' : 'read',
    log: options.log,
  });
  // A guest that stays may have to take over: then every tenth of a second without an owner counts.
  if (connected.owner !== null) setTimeout(() => void import('../engine/engine.ts'), PRELOAD_MS).unref();
  return connected;
};
