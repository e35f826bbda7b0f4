import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesInLog, NGINX_LOG_FORMAT } from './nginx-log.ts';

/** A running nginx. */
export interface Nginx extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Bytes of content sent since the last call. */
  takeSentBytes(): Promise<number>;
}

const START_TRIES = 100;
const TRY_MS = 50;
/** The log line of an answer comes a moment after its last byte. */
const LOG_DELAY_MS = 100;

/** Serves the files in `root` with the given nginx, with settings and logs in `folder`. */
export async function startNginx(program: string, root: string, folder: string): Promise<Nginx> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const log = join(folder, 'access.log');
  await writeFile(join(folder, 'nginx.conf'), configuration(root, folder, port));
  const child = spawn(
    program,
    ['-e', join(folder, 'error.log'), '-p', folder, '-c', join(folder, 'nginx.conf')],
    {
      stdio: 'ignore',
    },
  );
  const exited = once(child, 'exit');
  const onExit = () => void child.kill();
  process.once('exit', onExit);
  const url = `http://127.0.0.1:${port}`;
  await answering(url, () => child.exitCode !== null);
  await truncate(log);
  return {
    url,
    pid: child.pid ?? 0,
    async takeSentBytes() {
      await sleep(LOG_DELAY_MS);
      const bytes = bytesInLog(await readFile(log, 'utf8'));
      await truncate(log);
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      process.removeListener('exit', onExit);
    },
  };
}

/** Debian's settings where they matter for speed (sendfile, tcp_nopush), everything else in `folder`. */
function configuration(root: string, folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${folder}/${kind};`,
  );
  return [
    'daemon off;',
    'master_process off;',
    `pid ${folder}/nginx.pid;`,
    `error_log ${folder}/error.log;`,
    'events { worker_connections 512; }',
    'http {',
    ...temporary,
    `  log_format bench '${NGINX_LOG_FORMAT}';`,
    `  access_log ${folder}/access.log bench;`,
    '  sendfile on;',
    '  tcp_nopush on;',
    '  keepalive_requests 100000;',
    '  default_type application/octet-stream;',
    `  server { listen 127.0.0.1:${port}; root ${root}; }`,
    '}',
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

async function answering(url: string, ended: () => boolean): Promise<void> {
  for (let tries = 0; tries < START_TRIES && !ended(); tries += 1) {
    if (
      await fetch(url, { method: 'HEAD' }).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(TRY_MS);
  }
  throw new Error('nginx did not start.');
}
