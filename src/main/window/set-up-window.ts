import { app } from 'electron';
import type { BridgeEvent } from '../../shared/contract/bridge.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';
import type { ShellMemory } from '../preferences/shell-state.ts';
import { reportPageGone } from '../shell/messages.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { onClose } from './on-close.ts';

/** Dependencies of {@link setUpWindow}. */
export interface WindowSetUp {
  readonly preload: string;
  readonly page: string;
  /** Shown by systems that take it from the window: Linux. */
  readonly icon: string;
  readonly isHiddenAtFirst: boolean;
  readonly host: Pick<EngineHost, 'status' | 'onEvent'>;
  readonly preferences: Followed<Preferences>;
  readonly memory: ShellMemory;
  readonly isQuitting: () => boolean;
  readonly log: Log;
}

/** Sets up the window, and the events sent to it. May be called once the app is ready. */
export function setUpWindow(deps: WindowSetUp): MainWindow {
  const { host, preferences, memory, log } = deps;
  const status = (): BridgeEvent => ({ type: 'engine-status', status: host.status.current() });
  const settings = (): BridgeEvent => ({ type: 'preferences', preferences: preferences.current() });
  const closing = () =>
    onClose({
      platform: process.platform,
      isQuitting: deps.isQuitting(),
      hasTray: preferences.current().menuBarIcon,
    });
  const window = createMainWindow({
    preload: deps.preload,
    page: deps.page,
    icon: deps.icon,
    // Only where there is a way to show it.
    isHiddenAtFirst: deps.isHiddenAtFirst && closing() === 'hide',
    place: memory.current(),
    savePlace: memory.remember,
    onClose: closing,
    quit: () => app.quit(),
    news: () => [status(), settings()],
    onHopeless: () => {
      void reportPageGone().then((isQuitting) => (isQuitting ? app.quit() : window.reload()));
    },
    log,
  });
  host.onEvent((event) => window.tell({ type: 'engine', event }));
  host.status.onChange(() => window.tell(status()));
  preferences.onChange(() => window.tell(settings()));
  app.on('activate', () => window.show());
  return window;
}
