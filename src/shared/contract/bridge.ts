import type { Precision } from '../model/catalog.ts';
import type { CommandInput, CommandName, CommandResult } from './commands.ts';
import type { EngineStatus } from './engine-status.ts';
import type { Outcome } from './envelope.ts';
import type { EngineEvent } from './events.ts';
import type { Preferences } from './preferences.ts';

/** The channels between page and main process. There are no others. */
export const CALL_CHANNEL = 'haulyard:call';
export const EVENT_CHANNEL = 'haulyard:event';
/** The preload reports a dropped file to main. Nothing in the page can send on this channel. */
export const OFFER_CHANNEL = 'haulyard:offer';

/** The panes of the window. */
export const SECTIONS = ['discover', 'downloads', 'library', 'settings'] as const;
export type Section = (typeof SECTIONS)[number];

/** What a menu, a notification, the tray or a link asks the page to do. */
export type PageRequest =
  | { readonly do: 'show'; readonly section: Section; readonly download?: string }
  /** Preview the files of a reference before anything starts. */
  | {
      readonly do: 'preview';
      readonly reference: string;
      readonly variant?: Precision;
      readonly revision?: string;
    }
  /** Ask whether to cancel this download, and what to do with its partial. */
  | { readonly do: 'ask-cancel'; readonly download: string }
  | {
      readonly do:
        | 'paste-link'
        | 'find'
        | 'toggle-inspector'
        | 'toggle-sidebar'
        | 'toggle-selected'
        | 'start-selected'
        | 'remove-selected'
        | 'verify-selected';
    };

/** Everything that main sends to the page unasked. */
export type BridgeEvent =
  | { readonly type: 'engine'; readonly event: EngineEvent }
  | { readonly type: 'engine-status'; readonly status: EngineStatus }
  | { readonly type: 'preferences'; readonly preferences: Preferences }
  | { readonly type: 'request'; readonly request: PageRequest };

/** Commands that only main itself gives: a token goes through `token.save`, which has it checked and saves it. */
export type PrivateCommandName = 'token.set' | 'token.check';
export type BridgeCommandName = Exclude<CommandName, PrivateCommandName>;
export const PRIVATE_COMMANDS: ReadonlySet<string> = new Set<PrivateCommandName>([
  'token.set',
  'token.check',
]);

/** `window.haulyard`: everything the page can do besides displaying. */
export interface Bridge {
  /** Never rejects; every failure is in the result. */
  call<N extends BridgeCommandName>(name: N, args: CommandInput<N>): Promise<Outcome<CommandResult<N>>>;
  /** Returns a function that unsubscribes. */
  on(listener: (event: BridgeEvent) => void): () => void;
  /**
   * Returns the path of a file that was dropped on the page or chosen in it; an empty string when it has none. Main
   * receives it as well, and accepts no other path from the page (except those of its own dialogs).
   */
  pathOf(file: unknown): string;
}
