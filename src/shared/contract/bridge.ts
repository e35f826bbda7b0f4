import type { Precision } from '../model/catalog.ts';
import type { CommandInput, CommandName, CommandResult } from './commands.ts';
import type { EngineStatus } from './engine-status.ts';
import type { Outcome } from './envelope.ts';
import type { EngineEvent } from './events.ts';
import type { Preferences } from './preferences.ts';

/** The channels between page and main process. There are no others. */
export const CALL_CHANNEL = 'haulyard:call';
export const EVENT_CHANNEL = 'haulyard:event';
/** The preload tells main of a file that was dropped. Nothing in the page can send here. */
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
  /** Ask whether to cancel this download, and what becomes of its partial. */
  | { readonly do: 'ask-cancel'; readonly download: string }
  | {
      readonly do:
        | 'paste-link'
        | 'find'
        | 'toggle-inspector'
        | 'toggle-sidebar'
        | 'toggle-selected'
        | 'remove-selected'
        | 'verify-selected';
    };

/** Everything that main tells the page without being asked. */
export type BridgeEvent =
  | { readonly type: 'engine'; readonly event: EngineEvent }
  | { readonly type: 'engine-status'; readonly status: EngineStatus }
  | { readonly type: 'preferences'; readonly preferences: Preferences }
  | { readonly type: 'request'; readonly request: PageRequest };

/** Commands that main gives by itself only: a token goes through `token.save`, which has it checked and keeps it. */
export type PrivateCommandName = 'token.set' | 'token.check';
export type BridgeCommandName = Exclude<CommandName, PrivateCommandName>;
export const PRIVATE_COMMANDS: ReadonlySet<string> = new Set<PrivateCommandName>([
  'token.set',
  'token.check',
]);

/** `window.haulyard`: all that the page can do beside showing something. */
export interface Bridge {
  /** Never rejects; every failure is in the answer. */
  call<N extends BridgeCommandName>(name: N, args: CommandInput<N>): Promise<Outcome<CommandResult<N>>>;
  /** Returns the function that ends listening. */
  on(listener: (event: BridgeEvent) => void): () => void;
  /**
   * The path of a file that was dropped on the page or chosen in it; an empty text when it has none. Main learns of it as well,
   * and takes no other path from the page (beside those of its own dialogs).
   */
  pathOf(file: unknown): string;
}
