import { stat } from 'node:fs/promises';
import type { AppInfo } from '../../shared/contract/app-commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import type { TokenStore } from '../secrets/token-store.ts';
import { allowedPage } from '../security/allowed-page.ts';
import { realPathInside } from '../security/inside.ts';
import type { AppHandlers } from './gate.ts';

/** The desktop, as far as commands need it. Electron's modules in the app, stand-ins in tests. */
export interface Desktop {
  showInFolder(path: string): void;
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
  readonly desktop: Desktop;
  readonly appInfo: () => AppInfo;
}

/** Main's own commands. */
export function createAppHandlers(deps: AppHandlersDeps): AppHandlers {
  const { host, preferences, tokens, desktop, appInfo } = deps;

  /** The engine of now gets the token at once; one that is started later asks for it. */
  async function tellEngineTheToken(): Promise<void> {
    if (host.status.current().state === 'running') {
      await host.call('token.set', { token: await tokens.token() });
    }
  }

  return {
    'app.info': async () => appInfo(),
    'engine.status': async () => host.status.current(),
    'engine.restart': async () => void (await host.restart()),
    'preferences.get': async () => preferences.current(),
    'preferences.set': async (change) => await preferences.change(change),
    'token.status': () => tokens.status(),
    'token.save': async ({ token }) => {
      const status = await tokens.save(token);
      await tellEngineTheToken();
      return status;
    },
    'token.forget': async () => {
      const status = await tokens.forget();
      await tellEngineTheToken();
      return status;
    },
    'shell.reveal': async ({ path }) => {
      const { cacheDir, dataDir } = appInfo();
      await realPathInside(path, [cacheDir, dataDir]);
      // As it was named, not where its links lead: people look for the model, not for the blob.
      desktop.showInFolder(path);
    },
    'shell.open': async ({ url }) => {
      const page = allowedPage(url, appInfo().endpoint);
      if (page === null) {
        throw new AppError('BadRequest', 'This page is not opened: only pages of the Hub are.');
      }
      await desktop.openPage(page);
    },
    'clipboard.write': async ({ text }) => desktop.writeClipboard(text),
    'dialog.chooseFolder': async () => ({ path: await desktop.chooseFolder() }),
    'dialog.choosePartial': async () => {
      const path = await desktop.chooseFile();
      return { file: path === null ? null : { path, bytes: (await sizeOf(path)) ?? 0 } };
    },
  };
}

async function sizeOf(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null);
  return facts?.size ?? null;
}
