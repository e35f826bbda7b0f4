import { app } from 'electron';
import type { WindowReport } from '../shared/contract/app-commands.ts';
import { buildRootOf } from './composition/build-root.ts';
import { followCatalog } from './composition/catalog-names.ts';
import { checkEngineFiles } from './composition/check-engine-files.ts';
import { setUpDesktopParts } from './composition/desktop-parts.ts';
import { setUpProfile } from './composition/early-app.ts';
import { mirrorEngine } from './composition/engine-state.ts';
import { setUpPageGuards } from './composition/set-up-page-guards.ts';
import { setUpQuit } from './composition/set-up-quit.ts';
import { createOfferedPaths } from './consent/offered-paths.ts';
import type { EngineHost } from './engine-host/engine-host.ts';
import { setUpEngine } from './engine-host/set-up-engine.ts';
import { developmentPage } from './foundation/development-page.ts';
import { createSource } from './foundation/followed.ts';
import { type Machine, thisMachine } from './foundation/machine.ts';
import { type Places, placesOf } from './foundation/places.ts';
import type { ShellCall, ShellDeps } from './foundation/shell-deps.ts';
import { testHooks } from './foundation/test-hooks.ts';
import { createAppHandlers } from './ipc/app-handlers.ts';
import { createCommandDispatcher } from './ipc/gate.ts';
import { setUpGate } from './ipc/set-up-gate.ts';
import { setUpLinks } from './links/set-up-links.ts';
import { canStartAtLogin, wasStartedAtLogin } from './login-item/set-up-login-item.ts';
import { createFileLog } from './logs/file-log.ts';
import { setUpLastResort } from './logs/last-resort.ts';
import type { Log } from './logs/log.ts';
import { settingsInUse } from './preferences/in-use.ts';
import { openPreferences } from './preferences/preferences-store.ts';
import { openShellMemory } from './preferences/shell-state.ts';
import { environmentToken } from './secrets/environment-token.ts';
import { safeStorageCipher } from './secrets/safe-storage-cipher.ts';
import { tokenOrigin } from './secrets/token-origin.ts';
import { createTokenStore } from './secrets/token-store.ts';
import { PAGE_ORIGIN, PAGE_URL } from './security/page-file.ts';
import { setUpEarlySecurity, setUpPageSecurity } from './security/set-up-security.ts';
import { appInfo } from './shell/app-info.ts';
import { electronDesktop, openOwnFile } from './shell/electron-desktop.ts';
import { refuseToStart, reportMistake } from './shell/messages.ts';
import { setUpWindow } from './window/set-up-window.ts';
import { createWindowHolder, type WindowHolder } from './window/window-holder.ts';

/** Runs the app: starts its parts in order. */
export async function runApp(): Promise<void> {
  const machine = thisMachine();
  const places = placesOf(machine);
  setUpProfile(places);
  // The running instance receives this start, and any link it brought.
  if (!app.requestSingleInstanceLock()) {
    // For a user who typed a command: without a message it would look as if nothing had happened.
    process.stdout.write('Haulyard is already open. Its window was brought to the front.\n');
    return app.exit(0);
  }
  const early = await begin(machine, places);
  await app.whenReady();
  comeToLife(machine, places, early);
}

/** Sets up what is needed before the app is ready, and reads what can be read in the meantime. */
async function begin(machine: Machine, places: Places) {
  const developed = developmentPage(machine.env, machine.isPackaged);
  const log = createFileLog({ folder: places.logsDir, isVerbose: developed !== null });
  const security = { log, developmentOrigin: developed?.origin ?? null };
  const windows = createWindowHolder();
  log.info(`${nameOf(machine)} on ${machine.platform} ${machine.arch}`);
  setUpLastResort({ log, tell: reportOrRefuse });
  setUpEarlySecurity(security);
  setUpLinks({ argv: machine.argv, showWindow: windows.show, log });
  const [preferences, memory] = await Promise.all([
    openPreferences(places.preferencesFile, log),
    openShellMemory(places.shellStateFile, log),
  ]);
  return { developed, log, security, windows, preferences, memory };
}

type Early = Awaited<ReturnType<typeof begin>>;

/** Starts the engine first, because it takes longest; then the IPC gate, the window, and the rest of the desktop. */
function comeToLife(machine: Machine, places: Places, early: Early): void {
  const { developed, log, security, windows, preferences, memory } = early;
  setUpPageSecurity({ ...security, pageFolder: places.pageFolder });
  const tokens = setUpTokens(machine, places, log);
  const host = setUpEngine({ machine, places, preferences, tokens, log });
  // Checked while the window is created; an engine that somebody modified is never run.
  checkEngineFiles(machine).then(host.start, refuseToStart);
  const state = mirrorEngine(host, log);
  const info = () => appInfo(machine, places, preferences.current(), canStartAtLogin());
  const offered = createOfferedPaths();
  const windowReport = createSource(NOTHING_REPORTED, (error) => log.error(`The menus: ${String(error)}`));
  const handlers = createAppHandlers({
    host,
    preferences,
    tokens,
    offered,
    desktop: electronDesktop,
    appInfo: info,
    buildRoot: () => buildRootOf(state.current(), info().cacheDir, process.env),
    popUpMenu: windows.popUpMenu,
    drag: windows.drag,
    setWindowReport: windowReport.set,
  });
  const dispatch = createCommandDispatcher({ callEngine: host.call, handlers, log });
  const guards = setUpPageGuards({
    offered,
    host,
    preferences,
    tokens,
    state,
    endpoint: () => info().endpoint,
  });
  const origins = developed ? [PAGE_ORIGIN, developed.origin] : [PAGE_ORIGIN];
  setUpGate({
    page: { contentsId: windows.contentsId, origins },
    dispatch: createCommandDispatcher({ callEngine: host.call, handlers, guards, log }),
    onCall: windows.pageListens,
    offered,
    log,
  });
  const quit = setUpQuit({ host, state, memory, hideWindow: windows.hide, log });
  const window = setUpWindow({
    preload: places.preload,
    page: developed?.href ?? PAGE_URL,
    icon: places.windowIcon,
    isHiddenAtFirst: wasStartedAtLogin(),
    host,
    preferences,
    memory,
    isQuitting: quit.isUnderWay,
    log,
  });
  windows.hold(window);
  setUpDesktopParts(
    shellDeps({
      machine,
      places,
      host,
      state,
      preferences,
      windowReport,
      windows,
      call: dispatch as ShellCall,
      log,
    }),
  );
}

/** Before the page has reported anything. */
const NOTHING_REPORTED: WindowReport = { isInspectorOpen: false, isSidebarShown: true, selected: null };

/** Inputs of {@link shellDeps}. */
interface ShellDepsParts extends Pick<ShellDeps, 'state' | 'preferences' | 'windowReport' | 'call' | 'log'> {
  readonly machine: Machine;
  readonly places: Places;
  readonly host: EngineHost;
  readonly windows: WindowHolder;
}

function shellDeps({ machine, places, host, windows, ...parts }: ShellDepsParts): ShellDeps {
  const isUnderTest = machine.env.HAULYARD_E2E === '1' && !machine.isPackaged;
  const exposeForTests = testHooks(isUnderTest);
  exposeForTests('engineProcessId', host.processId);
  return {
    ...parts,
    engineStatus: host.status,
    onEngineEvent: host.onEvent,
    catalogName: followCatalog(host.status, parts.call),
    showWindow: windows.show,
    isWindowFocused: windows.isFocused,
    showLicenses: () =>
      void openOwnFile(places.noticesFile).then(
        (fault) => fault !== '' && parts.log.warn(`licenses: ${fault}`),
      ),
    quit: () => app.quit(),
    isUnderTest,
    exposeForTests,
  };
}

function nameOf({ version }: Machine): string {
  return `Haulyard ${version}, Electron ${process.versions.electron}`;
}

function setUpTokens({ env, homedir }: Machine, { tokenFile }: Places, log: Log) {
  const { endpoint } = settingsInUse({ cacheDir: null, endpoint: null, proxy: null }, env, homedir);
  return createTokenStore({
    environmentOrigin: tokenOrigin(endpoint) ?? endpoint,
    cipher: safeStorageCipher(),
    path: tokenFile,
    environmentToken: () => environmentToken(env, homedir),
    log,
  });
}

/** Before anything else works, a mistake ends the app; later it is reported, and the user decides. */
function reportOrRefuse(error: unknown): void {
  if (!app.isReady()) {
    refuseToStart(error);
    return;
  }
  void reportMistake().then((isQuitting) => {
    if (isQuitting) app.quit();
  });
}
