import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';

/** One app for all: none of these may change it, and that it is unimpressed at the end is part of the test. */
let app: TestApp;
beforeAll(async () => {
  app = await openApp({
    expectedErrors: [
      /Content Security Policy/,
      /net::ERR_/,
      /Permissions policy/i,
      /Not allowed to load local resource/,
      /^GeolocationPositionError$/,
    ],
  });
});
afterAll(async () => {
  await expect(app.call('snapshot', {})).resolves.toHaveProperty('runId');
  await app[Symbol.asyncDispose]();
});

describe('the page', () => {
  it('has no Node and nothing of Electron but the bridge', async () => {
    const found = await app.page.evaluate(() => {
      const names = [
        'require',
        'process',
        'module',
        'exports',
        'global',
        'Buffer',
        '__dirname',
        'ipcRenderer',
        'electron',
      ];
      const page = globalThis as unknown as Record<string, unknown>;
      return {
        present: names.filter((name) => page[name] !== undefined),
        bridge: Object.keys(page.haulyard as object),
      };
    });
    expect(found.present).toEqual([]);
    expect(found.bridge.sort()).toEqual(['call', 'on', 'pathOf']);
  });

  it('cannot replace the bridge', async () => {
    const replaced = await app.page.evaluate(() => {
      const page = globalThis as unknown as { haulyard: { call: unknown } };
      const before = page.haulyard.call;
      try {
        page.haulyard.call = () => 'mine';
      } catch {
        // Frozen: that is the point.
      }
      return page.haulyard.call !== before;
    });
    expect(replaced).toBe(false);
  });

  it('is isolated, in a sandbox, without webview and with web security', async () => {
    const preferences = await app.app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      return (
        webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(preferences.webSecurity ?? true).toBe(true);
    expect(preferences.webviewTag ?? false).toBe(false);
    expect(preferences.nodeIntegrationInWorker ?? false).toBe(false);
    expect(preferences.nodeIntegrationInSubFrames ?? false).toBe(false);
    expect(preferences.allowRunningInsecureContent ?? false).toBe(false);
    expect(preferences.experimentalFeatures ?? false).toBe(false);
  });
});

describe('leaving the page', () => {
  const stays = async (leave: () => Promise<unknown>) => {
    const before = app.page.url();
    await leave();
    // A navigation that is allowed begins at once; one round trip to main and back is enough to see it.
    await app.app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    expect(app.page.url()).toBe(before);
    expect(app.hub.requests.filter(({ url }) => url.includes('/left'))).toEqual([]);
  };

  it('is not possible by navigation', async () => {
    await stays(() => app.page.evaluate((url) => void location.assign(`${url}/left`), app.hub.url));
  });

  it('is not possible by navigation to a file', async () => {
    await stays(() =>
      app.page.evaluate(() => void location.assign('file:///etc/passwd')).catch(() => undefined),
    );
  });

  it('is not possible by an empty page, which would leave a dead window', async () => {
    await app.page.evaluate(() => {
      location.href = 'about:blank';
    });
    await app.page.getByRole('link', { name: 'Downloads' }).waitFor();
    await expect.poll(() => app.page.url()).toBe('app://haulyard/index.html');
  });

  it('does not stand in the way of loading it again, as the screen after a mistake offers', async () => {
    await app.page.evaluate(() => Object.assign(globalThis, { isTheOldDocument: true }));
    await app.page.evaluate(() => location.reload());
    await expect
      .poll(() => app.page.evaluate(() => 'isTheOldDocument' in globalThis).catch(() => true))
      .toBe(false);
    await app.page.getByRole('link', { name: 'Downloads' }).waitFor();
  });

  it('is not possible by a link', async () => {
    await stays(() =>
      app.page.evaluate((url) => {
        const link = Object.assign(document.createElement('a'), { href: `${url}/left` });
        document.body.append(link);
        link.click();
        link.remove();
      }, app.hub.url),
    );
  });

  it('is not possible by a form', async () => {
    await stays(() =>
      app.page.evaluate((url) => {
        const form = Object.assign(document.createElement('form'), { action: `${url}/left`, method: 'post' });
        document.body.append(form);
        form.submit();
        form.remove();
      }, app.hub.url),
    );
  });

  it('is not possible by a window', async () => {
    const opened = await app.page.evaluate((url) => window.open(`${url}/left`) === null, app.hub.url);
    expect(opened).toBe(true);
    await stays(async () => undefined);
    expect(await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('is not possible by a webview', async () => {
    const before = await app.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    await stays(() =>
      app.page.evaluate((url) => {
        const view = document.createElement('webview');
        view.setAttribute('src', `${url}/left`);
        document.body.append(view);
        setTimeout(() => view.remove(), 100);
      }, app.hub.url),
    );
    expect(await app.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(before);
  });

  it('is not possible by a frame', async () => {
    await stays(() =>
      app.page.evaluate((url) => {
        const frame = Object.assign(document.createElement('iframe'), { src: `${url}/left` });
        document.body.append(frame);
        setTimeout(() => frame.remove(), 100);
      }, app.hub.url),
    );
  });
});

describe('the content policy', () => {
  /** Whether the page got anything from outside: evaluated in a timer, where the debugger has no privileges. */
  const attempt = (what: string): Promise<string> =>
    app.page.evaluate(
      ([kind, url]) =>
        new Promise<string>((resolve) => {
          const page = globalThis as unknown as Record<string, unknown>;
          const blocked = () => resolve('blocked');
          document.addEventListener('securitypolicyviolation', blocked, { once: true });
          setTimeout(() => {
            const element = (name: string, properties: object) => {
              const made = Object.assign(document.createElement(name), properties);
              document.body.append(made);
              setTimeout(() => made.remove(), 500);
            };
            const kinds: Record<string, () => unknown> = {
              fetch: () => fetch(`${url}/remote`).then(() => resolve('loaded'), blocked),
              image: () => element('img', { src: `${url}/remote.png`, onload: () => resolve('loaded') }),
              script: () => element('script', { src: `${url}/remote.js`, onload: () => resolve('loaded') }),
              style: () =>
                element('link', {
                  rel: 'stylesheet',
                  href: `${url}/remote.css`,
                  onload: () => resolve('loaded'),
                }),
              socket: () =>
                Object.assign(new WebSocket(url.replace('http', 'ws')), { onopen: () => resolve('loaded') }),
              inline: () => {
                element('script', { textContent: 'window.ranInline = true' });
                setTimeout(() => resolve(page.ranInline === true ? 'ran' : 'blocked'), 50);
              },
              handler: () => {
                document.body.insertAdjacentHTML(
                  'beforeend',
                  '<img hidden src="data:," onerror="window.ranHandler = true">',
                );
                setTimeout(() => resolve(page.ranHandler === true ? 'ran' : 'blocked'), 200);
              },
              evaluation: () => {
                try {
                  const evaluate = page.eval as (text: string) => string;
                  resolve(evaluate('"ran"'));
                } catch {
                  blocked();
                }
              },
              worker: () => {
                const source = URL.createObjectURL(new Blob(['postMessage(1)']));
                Object.assign(new Worker(source), { onmessage: () => resolve('ran'), onerror: blocked });
              },
            };
            try {
              kinds[kind]?.();
            } catch {
              blocked();
            }
            setTimeout(() => resolve('nothing happened'), 3000);
          }, 0);
        }),
      [what, app.hub.url] as const,
    );

  it.each(['fetch', 'image', 'script', 'style', 'socket', 'inline', 'handler', 'evaluation', 'worker'])(
    'blocks: %s',
    async (kind) => {
      await expect(attempt(kind)).resolves.toBe('blocked');
      expect(app.hub.requests.filter(({ url }) => url.includes('/remote'))).toEqual([]);
    },
  );
});

describe('WebRTC', () => {
  it('sends no packet, not even to look for a way out', async () => {
    const socket = createSocket('udp4');
    let packets = 0;
    socket.on('message', () => {
      packets += 1;
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const candidates = await app.page.evaluate(async (port) => {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
      connection.createDataChannel('out');
      const found: string[] = [];
      const ended = new Promise<void>((resolve) => {
        connection.onicecandidate = ({ candidate }) => {
          if (candidate === null) resolve();
          else found.push(candidate.candidate);
        };
      });
      await connection.setLocalDescription(await connection.createOffer());
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
      connection.close();
      return found;
    }, socket.address().port);
    socket.close();
    expect({ packets, candidates }).toEqual({ packets: 0, candidates: [] });
  });
});

describe('permissions', () => {
  it('are denied when the page asks', async () => {
    const answers = await app.page.evaluate(async () => {
      const denied = (promise: Promise<unknown>) =>
        promise.then(
          () => 'granted',
          () => 'denied',
        );
      const location = new Promise((resolve, reject) =>
        navigator.geolocation.getCurrentPosition(resolve, reject),
      );
      return {
        camera: await denied(navigator.mediaDevices.getUserMedia({ video: true })),
        microphone: await denied(navigator.mediaDevices.getUserMedia({ audio: true })),
        location: await denied(location),
        clipboard: await denied(navigator.clipboard.readText()),
        notifications: (await Notification.requestPermission()) === 'granted' ? 'granted' : 'denied',
      };
    });
    expect(new Set(Object.values(answers))).toEqual(new Set(['denied']));
  });

  it('are denied when they are only checked', async () => {
    const states = await app.page.evaluate(async () => {
      const names = ['geolocation', 'camera', 'microphone', 'midi', 'notifications', 'persistent-storage'];
      const found: string[] = [];
      for (const name of names) {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        if (state === 'granted') found.push(name);
      }
      return found;
    });
    expect(states).toEqual([]);
  });
});

describe('app:// addresses', () => {
  const HOSTILE = [
    'app://haulyard/../main/index.cjs',
    'app://haulyard/../../package.json',
    'app://haulyard/%2e%2e/main/index.cjs',
    'app://haulyard/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://haulyard/..%2f..%2fpackage.json',
    'app://haulyard/..%5c..%5cpackage.json',
    'app://haulyard/..\\..\\package.json',
    'app://haulyard/assets/..%252f..%252fpackage.json',
    'app://haulyard//etc/passwd',
    'app://haulyard/%2fetc%2fpasswd',
    'app://haulyard/file:///etc/passwd',
    'app://haulyard/index.html%00.js',
    'app://haulyard/C:/Windows/win.ini',
    'app://other/index.html',
    'app://haulyard.evil/index.html',
  ];

  it.each(HOSTILE)('serve nothing for %s', async (url) => {
    const answer = await fetchInMain(url);
    expect(answer.status).not.toBe(200);
    expect(answer.body).not.toMatch(/root:|"name"|require\(/);
  });

  it('serve the page itself, with its policy', async () => {
    const answer = await fetchInMain('app://haulyard/index.html');
    expect(answer.status).toBe(200);
    expect(answer.policy).toMatch(/default-src 'none'/);
    expect(answer.policy).not.toMatch(/unsafe|\*/);
  });
});

function fetchInMain(url: string): Promise<{ status: number; body: string; policy: string }> {
  return app.app.evaluate(async ({ net }, address) => {
    try {
      const response = await net.fetch(address);
      const policy = response.headers.get('content-security-policy') ?? '';
      return { status: response.status, body: (await response.text()).slice(0, 2000), policy };
    } catch (error) {
      return { status: 0, body: String(error), policy: '' };
    }
  }, url);
}
