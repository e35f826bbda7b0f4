import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { processesOf } from './engine-process.ts';
import { goTo, row, says } from './pane.ts';
import { makeStubbedApp } from './stub-engine/stubbed-app.ts';

/** The app with the stub as its engine, run as it is in a packaged app: in a utility process. */
function openStubbed(env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return openApp({
    // Empty counts as unset: no other Node runs the engine.
    env: { HAULYARD_ENGINE_NODE: '', ...env },
    prepare: ({ root }) => makeStubbedApp(join(root, 'app')),
    appPath: ({ root }) => join(root, 'app'),
  });
}

/** The stub's report about itself instead of a diagnosis. */
interface StubFacts {
  readonly pid: number;
  readonly execPath: string;
  readonly token: string | null;
  readonly environment: Readonly<Record<string, string>>;
}
const factsOf = async (app: TestApp) => (await app.call('doctor', {})) as unknown as StubFacts;

/** What the app wrote to its log so far. */
const logOf = (app: TestApp) => readFile(join(app.dataDir, 'logs', 'main.log'), 'utf8');

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an engine in a utility process', () => {
  it('runs in the program of the app, answers calls and has its events shown', async () => {
    await using app = await openStubbed();
    const { engine } = await processesOf(app.app);
    expect(await factsOf(app)).toMatchObject({ pid: engine, execPath: expect.stringMatching(/electron$/i) });
    await goTo(app.page, 'Downloads');
    const shown = row(app.page, /stub/);
    await says(shown, /5\.0 MB\/s/);
    await app.call('downloads.pause', { id: 'one' });
    await says(shown, /Paused/);
  });

  it('gets the token in a message and not in its environment', async () => {
    await using app = await openStubbed({ HF_TOKEN: 'hf_from_the_environment' });
    const { token, environment } = await factsOf(app);
    expect(token).toBe('hf_from_the_environment');
    expect(JSON.stringify(environment)).not.toContain('hf_from_the_environment');
  });

  it('is started again after a crash, whose last words are in the log', async () => {
    await using app = await openStubbed();
    const before = await processesOf(app.app);
    await expect(app.call('downloads.retryNow', {})).rejects.toThrow(/EngineUnavailable/);
    await expect
      .poll(() => app.call('engine.status', {}), { timeout: 15_000 })
      .toMatchObject({ state: 'running' });
    expect((await processesOf(app.app)).engine).not.toBe(before.engine);
    await expect.poll(() => logOf(app)).toMatch(/engine wrote: the stub falls over/);
    expect(await logOf(app)).toMatch(/ended unasked \(code 7\)/);
  });

  it('is stopped when the app quits', async () => {
    await using app = await openStubbed();
    const { engine } = await processesOf(app.app);
    await app.quit();
    expect(await readFile(join(app.dataDir, 'stub-stopped'), 'utf8')).toBe(`stub-${engine}\n`);
    expect(isAlive(engine)).toBe(false);
  });

  it('is ended by force when it does not hear that it should stop', async () => {
    await using app = await openStubbed();
    const { engine } = await processesOf(app.app);
    void app.call('downloads.suspend', {}).catch(() => undefined);
    await expect.poll(() => access(join(app.dataDir, 'stub-deaf'))).toBeUndefined();
    await app.quit();
    await expect.poll(() => isAlive(engine)).toBe(false);
    await expect(access(join(app.dataDir, 'stub-stopped'))).rejects.toThrow(/ENOENT/);
  });
});
