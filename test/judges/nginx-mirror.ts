import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Hub } from '../hub/hub.ts';

const CONFIGURATION = fileURLToPath(new URL('../../docs/nginx-mirror.conf', import.meta.url));

/** Debian's nginx with the configuration of the documentation, in front of a local Hub. */
export interface Mirror extends AsyncDisposable {
  readonly url: string;
  /** The same mirror below a path, behind one more nginx. */
  readonly prefixedUrl: string;
}

/** What of the configuration is changed: ports, folders, and who the Hub is. */
export async function startMirror(
  { url, cdnUrl }: Pick<Hub, 'url' | 'cdnUrl'>,
  root: string,
): Promise<Mirror> {
  const folder = join(root, 'nginx');
  await mkdir(folder, { recursive: true });
  const [port, inner, front] = [await freePort(), await freePort(), await freePort()];
  const published = await readFile(CONFIGURATION, 'utf8');
  const changes: ReadonlyArray<readonly [string, string]> = [
    ['listen 8901;', `listen 127.0.0.1:${port};`],
    ['127.0.0.1:8902', `127.0.0.1:${inner}`],
    ['/var/cache/nginx/haulyard', join(folder, 'cache')],
    ['https://huggingface.co;', `${url};`],
    ['max_size=500g', 'max_size=200m'],
  ];
  const mirror = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The configuration does not have ${from} any more.`);
    return text.replaceAll(from, to);
  }, published);
  await writeFile(join(folder, 'mirror.conf'), mirror);
  await writeFile(join(folder, 'nginx.conf'), around(folder, cdnUrl, port, front));
  const child = spawn(
    'nginx',
    ['-e', join(folder, 'error.log'), '-p', folder, '-c', join(folder, 'nginx.conf')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  await listening(port, () => child.exitCode !== null);
  return {
    url: `http://127.0.0.1:${port}`,
    prefixedUrl: `http://127.0.0.1:${front}/hf/mirror`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The rest of an nginx.conf. The CDN is named once, since nginx resolves names in variables only by a DNS server. */
function around(folder: string, cdnUrl: string, port: number, front: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off; ${temporary.join(' ')}
  include ${folder}/mirror.conf;
  server {
    listen 127.0.0.1:${front};
    absolute_redirect off;
    location /hf/mirror/ {
      proxy_pass http://127.0.0.1:${port}/;
      proxy_redirect / /hf/mirror/;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Prefix /hf/mirror;
    }
    location = /names-the-cdn { proxy_pass ${cdnUrl}; }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port: number, hasEnded: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !hasEnded(); tries += 1) {
    const isThere = await fetch(`http://127.0.0.1:${port}/nothing`).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await sleep(50);
  }
  throw new Error('nginx did not start.');
}
