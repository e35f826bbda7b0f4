import { stat } from 'node:fs/promises';
import type { AppInfo, TokenStatus, WindowReport } from '../../shared/contract/app-commands.ts';
import type { CommandResult } from '../../shared/contract/commands.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { OfferedPaths } from '../consent/offered-paths.ts';
import type { PopUpMenu } from '../context-menu/context-menus.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import { tokenSource } from '../secrets/token-source.ts';
import { requireSendable, type TokenStore } from '../secrets/token-store.ts';
import { allowedPage } from '../security/allowed-page.ts';
import { realPathInside, repositoryFolderOf } from '../security/inside.ts';
import type { AppHandlers } from './gate.ts';

/** The desktop, as far as commands need it. Electron's modules in the app, stand-ins in tests. */
export interface Desktop {
  showInFolder(path: string): void;
  openTerminal(folder: string): Promise<void>;
  openPage(url: string): Promise<void>;
  writeClipboard(text: string): void;
  /** Absolute path, null when the user chose none. */
  chooseFolder(): Promise<string | null>;
  chooseFile(): Promise<string | null>;
}

/** What {@link createAppHandlers} needs. */
export interface AppHandlersDeps {
  readonly host: Pick<EngineHost, 'status' | 'restart' | 'call'>;
  readonly preferences: PreferencesStore;
  readonly tokens: TokenStore;
  readonly offered: Pick<OfferedPaths, 'offer'>;
  readonly desktop: Desktop;
  readonly appInfo: () => AppInfo;
  /** Folder for models that are made here. */
  readonly buildRoot: () => string;
  readonly popUpMenu: PopUpMenu;
  /** Begins to drag a file or folder out of the window. */
  readonly drag: (path: string) => void;
  readonly setWindowReport: (report: WindowReport) => void;
}

/** Main's own commands. */
export function createAppHandlers(deps: AppHandlersDeps): AppHandlers {
  const { host, preferences, tokens, offered, desktop, appInfo } = deps;

  /** The engine of now gets the token at once; one that is started later asks for it. */
  async function sendTokenToEngine(): Promise<void> {
    if (host.status.current().state !== 'running') return;
    const { endpoint } = appInfo();
    const token = await tokens.tokenFor(endpoint);
    const source = token === null ? null : tokenSource(await tokens.status(endpoint));
    await host.call('token.set', source === null ? { token } : { token, source });
  }

  /** Null when the Hub could not say: it is not reached, or a mirror does not know accounts. Throws when it rejects the token. */
  async function accountOf(token: string): Promise<string | null> {
    const outcome = (await host.call('token.check', { token })) as Outcome<CommandResult<'token.check'>>;
    if (outcome.ok) return outcome.value.account;
    if (outcome.error.code === 'AuthRequired') throw new AppError('AuthRequired', outcome.error.message);
    return null;
  }

  async function saveToken(text: string): Promise<TokenStatus> {
    const { endpoint } = appInfo();
    const { token } = requireSendable(text, endpoint);
    const status = await tokens.save(token, endpoint, await accountOf(token));
    await sendTokenToEngine();
    return status;
  }

  /** What was chosen in a dialog may be named by the page. */
  function offeredPath(path: string | null): string | null {
    if (path !== null) offered.offer(path);
    return path;
  }

  /** Only what lies in folders of ours, wherever its links lead. */
  async function requireOurs(path: string): Promise<void> {
    const { cacheDir, dataDir } = appInfo();
    const repository = repositoryFolderOf(path, cacheDir);
    const moved = repository === null ? [] : [repository];
    await realPathInside(path, [cacheDir, dataDir, deps.buildRoot(), ...moved]);
  }

  return {
    'app.info': async () => appInfo(),
    'engine.status': async () => host.status.current(),
    'engine.restart': async () => void (await host.restart()),
    'preferences.get': async () => preferences.current(),
    'preferences.set': async (change) => await preferences.change(change),
    'token.status': () => tokens.status(appInfo().endpoint),
    'token.save': ({ token }) => saveToken(token),
    'token.forget': async () => {
      const status = await tokens.forget(appInfo().endpoint);
      await sendTokenToEngine();
      return status;
    },
    'window.report': async (report) => deps.setWindowReport(report),
    'menu.popUp': async ({ groups }) => ({ chosen: await deps.popUpMenu(groups) }),
    'shell.openTerminal': async ({ path }) => {
      await requireOurs(path);
      await desktop.openTerminal(path);
    },
    'shell.drag': async ({ path }) => {
      await requireOurs(path);
      deps.drag(path);
    },
    'shell.reveal': async ({ path }) => {
      await requireOurs(path);
      // As it was named, not where its links lead: people look for the model, not for the blob.
      desktop.showInFolder(path);
    },
    'shell.open': async ({ url }) => {
      const page = allowedPage(url, appInfo().endpoint);
      if (page === null) {
        throw new AppError('BadRequest', 'Only pages of Hugging Face, or of your mirror, can be opened.');
      }
      await desktop.openPage(page);
    },
    'clipboard.write': async ({ text }) => desktop.writeClipboard(text),
    'dialog.chooseFolder': async () => ({ path: offeredPath(await desktop.chooseFolder()) }),
    'dialog.choosePartial': async () => {
      const path = offeredPath(await desktop.chooseFile());
      return { file: path === null ? null : { path, bytes: (await sizeOf(path)) ?? 0 } };
    },
  };
}

async function sizeOf(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null);
  return facts?.size ?? null;
}
