import { type App, app, type Session, type WebContents } from 'electron';
import type { Log } from '../logs/log.ts';
import { developmentPolicy } from './csp.ts';
import { isOwnAddress, isReload } from './own-address.ts';

/** Features of Chromium that contact servers by themselves. The app contacts the Hub only, and not through Chromium. */
const QUIET_SWITCHES = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-client-side-phishing-detection',
  'disable-sync',
  'no-pings',
] as const;

const DISABLED_FEATURES = [
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'MediaRouter',
  'NetworkPrediction',
  'OptimizationHints',
  'Translate',
];

/** Options of {@link hardenChromium} and {@link hardenPages}. */
export interface HardenOptions {
  readonly log: Log;
  /** Origin of the development server, null except in development. */
  readonly developmentOrigin: string | null;
}

/**
 * Must run before the app is ready. Chromium's own name resolution finds no host at all, except this computer when the
 * page comes from a development server. So nothing in the page, and no forgotten feature of Chromium, can reach a
 * network.
 */
export function hardenChromium({ developmentOrigin }: Pick<HardenOptions, 'developmentOrigin'>): void {
  for (const name of QUIET_SWITCHES) app.commandLine.appendSwitch(name);
  app.commandLine.appendSwitch('disable-features', DISABLED_FEATURES.join(','));
  const local = developmentOrigin === null ? '' : ', EXCLUDE localhost, EXCLUDE 127.0.0.1';
  app.commandLine.appendSwitch('host-resolver-rules', `MAP * ~NOTFOUND${local}`);
}

/** Denies all permissions that a page could request from a browser. */
export function hardenSession(session: Session, { log, developmentOrigin }: HardenOptions): void {
  session.setSpellCheckerEnabled(false);
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn(`Permission denied: ${permission}`);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler?.((_request, answer) => answer({}));
  session.on('will-download', (event) => event.preventDefault());
  leadNowhere(session, developmentOrigin, log);
  for (const choice of ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const) {
    session.on(choice as 'select-usb-device', (event) => event.preventDefault());
  }
  session.webRequest.onBeforeRequest((request, answer) => {
    const cancel = !isOwnAddress(request.url, developmentOrigin);
    if (cancel) log.warn(`Request of the page denied: ${request.url.slice(0, 200)}`);
    answer({ cancel });
  });
  if (developmentOrigin !== null) {
    session.webRequest.onHeadersReceived(({ responseHeaders }, answer) =>
      answer({
        responseHeaders: {
          ...responseHeaders,
          'Content-Security-Policy': [developmentPolicy(developmentOrigin)],
        },
      }),
    );
  }
}

/** Port 9 is the discard service, which no desktop runs: whatever is sent through this proxy is lost. */
const DEAD_PROXY = 'http://127.0.0.1:9';

/**
 * Failing name resolution does not stop numeric addresses. A nonexistent proxy stops every connection, including those
 * of WebRTC once they may not bypass it. The development server is on this computer, which needs no proxy.
 */
function leadNowhere(session: Session, developmentOrigin: string | null, log: Log): void {
  const proxyBypassRules = developmentOrigin === null ? '<-loopback>' : '';
  session
    .setProxy({ mode: 'fixed_servers', proxyRules: DEAD_PROXY, proxyBypassRules })
    .catch((error: unknown) => log.error(`The page's network was not closed: ${String(error)}`));
}

/** Keeps every page of the app in place: no other URL, no other window, no embedded page. */
export function hardenPages(target: App, { log, developmentOrigin }: HardenOptions): void {
  target.on('web-contents-created', (_created, contents) => keepInPlace(contents, developmentOrigin, log));
  target.on('certificate-error', (event, _contents, address, error, _certificate, answer) => {
    event.preventDefault();
    log.warn(`Certificate refused: ${error} ${address.slice(0, 200)}`);
    answer(false);
  });
  target.on('select-client-certificate', (event, _contents, _address, _certificates, answer) => {
    event.preventDefault();
    answer();
  });
}

/** Older Electrons pass the URL as a separate argument. */
interface LeavingEvent {
  readonly url?: string;
  readonly isMainFrame?: boolean;
  preventDefault(): void;
}

function keepInPlace(contents: WebContents, developmentOrigin: string | null, log: Log): void {
  // Chromium's own way around a proxy; see `leadNowhere`.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  const isAllowed = (address: string, isMainFrame: boolean) => {
    // The development server reloads the page as a navigation.
    if (developmentOrigin !== null && isOwnAddress(address, developmentOrigin)) return true;
    return isMainFrame && isReload(contents.getURL(), address);
  };
  const deny = (what: string) => (event: LeavingEvent, olderAddress?: unknown) => {
    const address = event.url ?? String(olderAddress);
    if (isAllowed(address, event.isMainFrame ?? what === 'Navigation')) return;
    event.preventDefault();
    log.warn(`${what} denied: ${address.slice(0, 200)}`);
  };
  contents.on('will-navigate', deny('Navigation'));
  contents.on('will-frame-navigate', deny('Navigation of a frame'));
  contents.on('will-redirect', deny('Redirect'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('An embedded page was denied.');
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn(`Window denied: ${url.slice(0, 200)}`);
    return { action: 'deny' };
  });
}
