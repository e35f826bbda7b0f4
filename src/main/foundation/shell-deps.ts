import type { WindowReport } from '../../shared/contract/app-commands.ts';
import type { PageRequest } from '../../shared/contract/bridge.ts';
import type { CommandInput, CommandName, CommandResult } from '../../shared/contract/commands.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import type { Log } from '../logs/log.ts';

/** Unsubscribes; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** A value that can be read now and followed. A listener is called after each change, not at once. */
export interface Followed<T> {
  current(): T;
  onChange(listener: (value: T) => void): Unsubscribe;
}

/** Runs a command as the page would, but from inside the shell. Never rejects: a failure is in the result. */
export type ShellCall = <N extends CommandName>(
  name: N,
  args: CommandInput<N>,
) => Promise<Outcome<CommandResult<N>>>;

/** Dependencies of tray, dock, menu, notifications, power and login item: all they may know of the rest. */
export interface ShellDeps {
  /** The engine's state as main mirrors it; null until the first snapshot. Changes at most a few times a second. */
  readonly state: Followed<DownloadsState | null>;
  readonly engineStatus: Followed<EngineStatus>;
  readonly preferences: Followed<Preferences>;
  /** The page's report, as far as menus depend on it. */
  readonly windowReport: Followed<WindowReport>;
  /** Subscribes to each event of the engine, once, in order, even while the window is hidden. */
  readonly onEngineEvent: (listener: (event: EngineEvent) => void) => Unsubscribe;
  /** Returns the name of a download or build: `Moshi BF16`, or the repository when it is not in the catalog. */
  readonly catalogName: (download: Pick<DownloadView, 'repo' | 'model' | 'variant'>) => string;
  readonly call: ShellCall;
  /** Shows the window in front, recreated if it was closed; the request reaches the page as soon as it listens. */
  readonly showWindow: (request?: PageRequest) => void;
  /** True while the window is on screen and has the keyboard. */
  readonly isWindowFocused: () => boolean;
  /** Opens the licenses of the packages that are part of the program. */
  readonly showLicenses: () => void;
  /** Ends the app in order, as ⌘Q does: may ask, stops the engine, saves. */
  readonly quit: () => void;
  readonly log: Log;
  /** True when test hooks are enabled (HAULYARD_E2E=1, never in a packaged app). */
  readonly isUnderTest: boolean;
  /** Exposes an object to end-to-end tests as `globalThis.haulyardForTests[name]`; does nothing otherwise. */
  readonly exposeForTests: (
    name: 'trayMenu' | 'dockMenu' | 'applicationMenu' | (string & {}),
    value: unknown,
  ) => void;
}
