import type { MenuItemConstructorOptions } from 'electron';
import type { PageRequest, Section } from '../../shared/contract/bridge.ts';
import { menuWords } from './words.ts';

/** Pages that the Help menu opens. */
export const HELP_PAGES = {
  cache: 'https://huggingface.co/docs/huggingface_hub/guides/manage-cache',
  tokens: 'https://huggingface.co/docs/hub/security-tokens',
} as const;

/** Actions of the menu besides requests to the page. */
export interface MenuActions {
  request(request: PageRequest): void;
  pauseAll(): void;
  resumeAll(): void;
  clearFinished(): void;
  /** Moves the selected download one position in the queue. */
  moveSelected(step: -1 | 1): void;
  openHelp(url: string): void;
  showLogs(): void;
  showLicenses(): void;
  quit(): void;
}

/** What a menu depends on. */
export interface MenuContext {
  readonly platform: NodeJS.Platform;
  readonly appName: string;
  /** Adds items that only developers need. */
  readonly isDevelopment: boolean;
  readonly actions: MenuActions;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };
const SECTION_KEYS: ReadonlyArray<readonly [Section, string]> = [
  ['discover', 'CmdOrCtrl+1'],
  ['downloads', 'CmdOrCtrl+2'],
  ['library', 'CmdOrCtrl+3'],
];

/**
 * The menu bar of the application. The page handles the shortcuts itself while it has the focus, and a key that it
 * handled does not arrive here. On macOS the menu serves them while there is no window; elsewhere it only shows them.
 */
export function applicationMenu(context: MenuContext): MenuItemConstructorOptions[] {
  const isMac = context.platform === 'darwin';
  return [
    ...(isMac ? [appMenu(context)] : []),
    fileMenu(context),
    editMenu(context),
    viewMenu(context),
    downloadMenu(context),
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    helpMenu(context),
  ];
}

function appMenu({ appName, actions }: MenuContext): MenuItemConstructorOptions {
  return {
    label: appName,
    submenu: [
      { role: 'about', label: menuWords.about(appName) },
      SEPARATOR,
      settingsItem(actions, true),
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      quitItem(appName, actions),
    ],
  };
}

function fileMenu({ platform, appName, actions }: MenuContext): MenuItemConstructorOptions {
  const isMac = platform === 'darwin';
  const rest = isMac ? [] : [SEPARATOR, settingsItem(actions, false), SEPARATOR, quitItem(appName, actions)];
  return {
    label: menuWords.file,
    submenu: [
      {
        id: 'new-download',
        label: menuWords.newDownload,
        ...shortcut('CmdOrCtrl+N', platform),
        click: () => actions.request({ do: 'paste-link' }),
      },
      asking('paste-link', menuWords.pasteLink, 'CmdOrCtrl+L', { actions, platform }),
      SEPARATOR,
      { role: 'close' },
      ...rest,
    ],
  };
}

function editMenu({ platform, actions }: MenuContext): MenuItemConstructorOptions {
  return {
    label: menuWords.edit,
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      SEPARATOR,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      SEPARATOR,
      asking('find', menuWords.find, 'CmdOrCtrl+F', { actions, platform }),
    ],
  };
}

function viewMenu({ platform, isDevelopment, actions }: MenuContext): MenuItemConstructorOptions {
  const sections = SECTION_KEYS.map(([section, accelerator]) => ({
    id: `show-${section}`,
    label: menuWords.sections[section],
    ...shortcut(accelerator, platform),
    click: () => actions.request({ do: 'show', section }),
  }));
  return {
    label: menuWords.view,
    submenu: [
      ...sections,
      SEPARATOR,
      ...pair(['sidebar', menuWords.showSidebar, menuWords.hideSidebar], {
        // ⌃⌘S, as in Apple's own programs. Elsewhere there is no convention.
        ...(platform === 'darwin' ? { accelerator: 'Ctrl+Cmd+S' } : {}),
        click: () => actions.request({ do: 'toggle-sidebar' }),
      }),
      ...pair(['inspector', menuWords.showInspector, menuWords.hideInspector], {
        ...shortcut('Alt+CmdOrCtrl+I', platform),
        click: () => actions.request({ do: 'toggle-inspector' }),
      }),
      SEPARATOR,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      SEPARATOR,
      { role: 'togglefullscreen' },
      // The usual key of the developer tools belongs to the inspector in this app.
      ...(isDevelopment ? [SEPARATOR, { role: 'reload' } as const, developerTools] : []),
    ],
  };
}

const developerTools: MenuItemConstructorOptions = { role: 'toggleDevTools', accelerator: 'F12' };

function downloadMenu({ platform, actions }: MenuContext): MenuItemConstructorOptions {
  const context = { actions, platform };
  const toggle = { ...spaceKey('Space', platform), click: () => actions.request({ do: 'toggle-selected' }) };
  return {
    label: menuWords.download,
    submenu: [
      { id: 'pause-selected', label: menuWords.pause, ...toggle },
      { id: 'resume-selected', label: menuWords.resume, ...toggle, ...HIDDEN },
      {
        id: 'start-selected',
        label: menuWords.startNow,
        click: () => actions.request({ do: 'start-selected' }),
      },
      asking('verify-selected', menuWords.verify, 'Alt+CmdOrCtrl+R', context),
      asking('remove-selected', menuWords.remove, 'CmdOrCtrl+Backspace', context),
      SEPARATOR,
      { id: 'move-up', label: menuWords.moveUp, click: () => actions.moveSelected(-1) },
      { id: 'move-down', label: menuWords.moveDown, click: () => actions.moveSelected(1) },
      SEPARATOR,
      { id: 'pause-all', label: menuWords.pauseAll, click: actions.pauseAll },
      { id: 'resume-all', label: menuWords.resumeAll, click: actions.resumeAll },
      { id: 'clear-finished', label: menuWords.clearFinished, click: actions.clearFinished },
    ],
  };
}

function helpMenu({ platform, appName, actions }: MenuContext): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: menuWords.help,
    submenu: [
      { id: 'help-cache', label: menuWords.aboutCache, click: () => actions.openHelp(HELP_PAGES.cache) },
      { id: 'help-tokens', label: menuWords.aboutTokens, click: () => actions.openHelp(HELP_PAGES.tokens) },
      SEPARATOR,
      { id: 'show-logs', label: menuWords.showLogs, click: actions.showLogs },
      { id: 'licenses', label: menuWords.licenses, click: actions.showLicenses },
      ...(platform === 'darwin'
        ? []
        : [SEPARATOR, { role: 'about', label: menuWords.about(appName) } as const]),
    ],
  };
}

const HIDDEN = { visible: false, acceleratorWorksWhenHidden: false } as const;

/** Two items, one of them visible: the label of an item cannot change. */
function pair(
  [name, show, hide]: readonly [name: string, show: string, hide: string],
  rest: MenuItemConstructorOptions,
): MenuItemConstructorOptions[] {
  const item = { ...rest, acceleratorWorksWhenHidden: false };
  return [
    { id: `show-${name}`, label: show, ...item },
    { id: `hide-${name}`, label: hide, ...item, visible: false },
  ];
}

type SimpleRequest = Exclude<PageRequest['do'], 'show' | 'preview' | 'ask-cancel'>;

/** An item that passes its request to the page. */
function asking(
  request: SimpleRequest,
  label: string,
  accelerator: string,
  { actions, platform }: Pick<MenuContext, 'actions' | 'platform'>,
): MenuItemConstructorOptions {
  const click = () => actions.request({ do: request });
  return { id: request, label, ...shortcut(accelerator, platform), click };
}

function settingsItem(actions: MenuActions, isMac: boolean): MenuItemConstructorOptions {
  return {
    id: 'settings',
    label: menuWords.settings,
    ...shortcut('CmdOrCtrl+,', isMac ? 'darwin' : 'linux'),
    click: () => actions.request({ do: 'show', section: 'settings' }),
  };
}

function quitItem(appName: string, actions: MenuActions): MenuItemConstructorOptions {
  return { id: 'quit', label: menuWords.quit(appName), accelerator: 'CmdOrCtrl+Q', click: actions.quit };
}

function shortcut(accelerator: string, platform: NodeJS.Platform): MenuItemConstructorOptions {
  return platform === 'darwin' ? { accelerator } : { accelerator, registerAccelerator: false };
}

/**
 * Space is shown only where a menu can show a key without listening to it, which macOS cannot: there it would intercept
 * typing.
 */
function spaceKey(accelerator: string, platform: NodeJS.Platform): MenuItemConstructorOptions {
  return platform === 'darwin' ? {} : { accelerator, registerAccelerator: false };
}
