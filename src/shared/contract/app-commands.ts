import { z } from 'zod';
import { appCommand } from './command.ts';
import { type ContextItem, contextMenuSchema } from './context-menu.ts';
import type { EngineStatus } from './engine-status.ts';
import { type Preferences, preferencesChangeSchema } from './preferences.ts';

/** What the page may know about the program it runs in. */
export interface AppInfo {
  readonly version: string;
  readonly platform: 'darwin' | 'linux' | 'win32';
  readonly arch: string;
  /** The current folder, wherever it was set. */
  readonly cacheDir: string;
  readonly dataDir: string;
  readonly endpoint: string;
  readonly proxy: string | null;
  /** False where the system offers no way to start a program at login. */
  readonly canStartAtLogin: boolean;
}

/** Whether there is a token, never the token itself. */
export interface TokenStatus {
  readonly present: boolean;
  /** `keychain`: encrypted by the system; `memory`: until the app ends; `environment`: HF_TOKEN or a token file. */
  readonly kept: 'keychain' | 'memory' | 'environment' | null;
  /** The Hub it belongs to, such as `https://huggingface.co`. It is sent nowhere else. Absent without a token. */
  readonly origin?: string;
  /** Name of its account, as reported by the Hub when the token was saved. Absent when the Hub could not be asked. */
  readonly account?: string;
  /**
   * Why it is not sent to the current endpoint: that is another Hub, or one without encryption. Absent when it is sent.
   */
  readonly withheld?: 'other-origin' | 'plain-http';
}

/** A file that the user chose in a dialog. */
export interface ChosenFile {
  readonly path: string;
  readonly bytes: number;
}

const nothing = z.object({}).strict();

const windowReportSchema = z
  .object({
    isInspectorOpen: z.boolean(),
    isSidebarShown: z.boolean(),
    /** Id of the selected download while Downloads is shown. */
    selected: z.string().min(1).max(64).nullable(),
  })
  .strict();

/** See the command `window.report`. */
export type WindowReport = z.infer<typeof windowReportSchema>;

/** Commands that the main process answers. */
export const appCommands = {
  'app.info': appCommand<AppInfo>()(nothing),
  'engine.status': appCommand<EngineStatus>()(nothing),
  /** Restarts an engine that failed. */
  'engine.restart': appCommand<void>()(nothing),
  'preferences.get': appCommand<Preferences>()(nothing),
  /**
   * Changes of cache folder, endpoint and proxy restart the engine; downloads continue by themselves. The page can only
   * set a cache folder that came from `dialog.chooseFolder`. For a new endpoint or proxy, main asks the user in a
   * system dialog, and an endpoint is tested first; `Cancelled` when the user declined.
   */
  'preferences.set': appCommand<Preferences>()(preferencesChangeSchema),
  'token.status': appCommand<TokenStatus>()(nothing),
  /** Asks the current Hub whose token it is. Fails with AuthRequired for a rejected token, which is not saved. */
  'token.save': appCommand<TokenStatus>()(z.object({ token: z.string().trim().min(1).max(500) })),
  'token.forget': appCommand<TokenStatus>()(nothing),
  /** State that the menu bar depends on and only the page knows. Sent at each change. */
  'window.report': appCommand<void>()(windowReportSchema),
  /** Shows a file or folder in Finder. Only paths inside the cache and data folders are accepted. */
  'shell.reveal': appCommand<void>()(z.object({ path: z.string().min(1).max(8000) })),
  /** Opens a terminal in a folder. Only folders inside the cache and data folders are accepted. */
  'shell.openTerminal': appCommand<void>()(z.object({ path: z.string().min(1).max(8000) })),
  /** Begins to drag a file or folder out of the window. Only paths inside the cache and data folders are accepted. */
  'shell.drag': appCommand<void>()(z.object({ path: z.string().min(1).max(8000) })),
  /** Opens a page in the browser. Only https and hosts on a list are accepted. */
  'shell.open': appCommand<void>()(z.object({ url: z.string().min(1).max(2000) })),
  /**
   * Opens a system context menu under the pointer, only right after the user clicked with the other button (or pressed
   * the key for it), once per click. Null when nothing was chosen.
   */
  'menu.popUp': appCommand<{ readonly chosen: ContextItem | null }>()(contextMenuSchema),
  'clipboard.write': appCommand<void>()(z.object({ text: z.string().max(1_000_000) })),
  'dialog.chooseFolder': appCommand<{ readonly path: string | null }>()(nothing),
  'dialog.choosePartial': appCommand<{ readonly file: ChosenFile | null }>()(nothing),
} as const;
