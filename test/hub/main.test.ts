import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './testing/ask.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const children: ChildProcess[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function startJson(...args: string[]) {
  const child = start('--port', '0', '--json', ...args);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, ...(JSON.parse(line) as { url: string; cdnUrl: string; pid: number }) };
}

async function outcome(child: ChildProcess) {
  let stderr = '';
  child.stderr?.on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stderr };
}

describe('npm run hub', () => {
  it('prints one line of JSON, serves, and ends cleanly on SIGTERM', async () => {
    const { child, url, cdnUrl, pid } = await startJson();
    expect(pid).toBe(child.pid);
    expect(cdnUrl).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await ask(`${url}/api/models/kyutai/moshiko-mlx-bf16/revision/main?blobs=true`)).status).toBe(
      200,
    );
    child.kill('SIGTERM');
    expect(await outcome(child)).toEqual({ code: 0, stderr: '' });
  });

  it('prints the environment to use', async () => {
    const child = start('--port', '0');
    let text = '';
    for await (const line of createInterface(child.stdout)) {
      text += `${line}\n`;
      if (line.startsWith('Tokens')) child.kill('SIGINT');
    }
    expect(text).toMatch(/^export HF_ENDPOINT=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(text).toMatch(/^export HAULYARD_CATALOG=\/.*demo-catalog\.json$/m);
    expect(text).toMatch(/mlx-community\/parakeet-tdt-0\.6b-v3 +7 files +2509\.0 MB/);
  });

  it('takes faults from a file and writes a log without secrets', async () => {
    const faults = join(folder, 'faults.json');
    const log = join(folder, 'log.jsonl');
    await writeFile(faults, JSON.stringify([{ match: { file: 'config.json' }, answer: { status: 503 } }]));
    const { child, url } = await startJson('--faults', faults, '--log', log);
    const config = `${url}/mlx-community/parakeet-tdt-0.6b-v3/resolve/main/config.json`;
    const headers = { authorization: 'Bearer hf_local_granted' };
    expect([(await ask(config, { headers })).status, (await ask(config)).status]).toEqual([503, 307]);
    child.kill('SIGTERM');
    await outcome(child);
    const text = await readFile(log, 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).status),
    ).toEqual([503, 307]);
    expect(text).not.toContain('hf_local_granted');
  });

  it.each([
    [['--nonsense'], /^Unknown option '--nonsense'; --help lists the options\.\n$/],
    [['--port', 'abc'], /^"abc" is not a good value for --port; --help lists the options\.\n$/],
    [['--drop-every', '0'], /^"0" is not a good value for --drop-every/],
    [['--faults', '/nowhere.json'], /^The fault file \/nowhere\.json cannot be read\.\n$/],
    [['extra'], /^Unexpected argument 'extra'/],
  ])('%j ends with a sentence and exit code 2', async (args, message) => {
    const { code, stderr } = await outcome(start(...args));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('reports that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = await outcome(start('--port', port));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^The port cannot be used: .*\n$/)]);
    other.close();
  });
});
