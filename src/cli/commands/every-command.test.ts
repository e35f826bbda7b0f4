import { describe, expect, it } from 'vitest';
import { AppError, ERROR_CODES } from '../../shared/contract/errors.ts';
import type { VerifyReport } from '../../shared/model/library.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { answers, cli, GOOD } from '../testing/cli.ts';
import { createFakeEngine } from '../testing/fake-engine.ts';
import { createFakeIo } from '../testing/fake-io.ts';
import { runCli } from '../testing/run-cli.ts';

const failing = (code: AppError['code']) => () => {
  throw new AppError(code, 'It did not work.');
};

describe('every command', () => {
  it.each([
    ['catalog', 'reader'],
    ['hardware', 'reader'],
    ['status', 'reader'],
    ['list', 'reader'],
    ['path a/b', 'reader'],
    ['doctor', 'reader'],
    ['verify a/b', 'owner'],
    ['remove a/b', 'owner'],
    ['cancel ab12', 'owner'],
  ])('%s opens the engine as %s, starts nothing and closes it', async (line, access) => {
    const { engine } = await cli(line);
    expect(engine.opened).toHaveLength(1);
    expect(engine.opened[0]).toMatchObject({ access, autoStart: false, version: '1.2.3' });
    expect(engine.closed()).toBe(true);
  });

  it('gives the engine folders, endpoint and catalog from the options', async () => {
    const { engine } = await cli(
      'list --data-dir /d --cache-dir /c --endpoint http://127.0.0.1:1/ --catalog /f',
      {},
      { env: { HF_TOKEN: 'hf_x' } },
    );
    expect(engine.opened[0]).toMatchObject({
      dataDir: '/d',
      cacheDir: '/c',
      endpoint: 'http://127.0.0.1:1',
      catalogFile: '/f',
      token: 'hf_x',
    });
  });

  it.each(ERROR_CODES)('turns %s into its exit code and shape', async (name) => {
    const { code, io, engine } = await cli('list --json', { 'library.list': failing(name) });
    expect(code).toBe(exitCodeOf(name));
    expect(io.json()).toEqual([
      { error: { code: name, message: 'It did not work.', retryable: expect.any(Boolean) } },
    ]);
    expect(io.err()).toBe('');
    expect(engine.closed()).toBe(true);
  });

  it('reports a failure to people in one line without a stack', async () => {
    const { out, err } = await cli('path org/name', { 'library.path': failing('NotFound') });
    expect(out).toBe('');
    expect(err).toBe('haulyard: It did not work.\n');
  });

  it('shows the stack with --verbose', async () => {
    const { err } = await cli('path org/name --verbose', { 'library.path': failing('NotFound') });
    expect(err).toMatch(/at .*every-command\.test\.ts/);
  });

  it('calls a surprise internal and hides its text', async () => {
    const { code, err } = await cli('list', {
      'library.list': () => {
        throw new TypeError('x is undefined');
      },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^haulyard: Something went wrong inside haulyard\./);
    expect(err).not.toContain('undefined');
  });

  it.each([
    ['--frob', 'haulyard: '],
    ['--frob --json', ''],
  ])('answers a bad command line (%s) with exit code 2', async (line, start) => {
    const { code, err, io, engine } = await cli(line);
    expect(code).toBe(2);
    expect(err.startsWith(start)).toBe(true);
    if (line.includes('--json')) expect(io.json()).toMatchObject([{ error: { code: 'BadRequest' } }]);
    expect(engine.opened).toHaveLength(0);
  });

  it('prints the version and opens nothing', async () => {
    const { code, out, engine } = await cli('--version');
    expect([code, out, engine.opened.length]).toEqual([0, '1.2.3\n', 0]);
  });

  it('stops when the user asks, closes the engine and exits with 130', async () => {
    const io = createFakeIo();
    const engine = createFakeEngine({ ...answers, 'library.list': () => new Promise(() => {}) });
    const running = runCli('list', engine, io);
    await engine.whenCalled('library.list');
    io.interrupt();
    expect(await running).toBe(130);
    expect(engine.closed()).toBe(true);
  });

  it('ends in a few seconds although the engine does not close', async () => {
    const io = createFakeIo();
    const stuck = createFakeEngine({ ...answers, 'library.list': () => new Promise(() => {}) });
    const engine = { ...stuck, close: () => new Promise<void>(() => {}) };
    const running = runCli('list', { ...engine, connect: async () => engine }, io);
    await engine.whenCalled('library.list');
    io.interrupt();
    await io.pass(5000);
    expect(await running).toBe(130);
  });

  it.each([
    ['list', 'haulyard: w\nhaulyard: e\n'],
    ['list --quiet', 'haulyard: e\n'],
    ['list --verbose', expect.stringMatching(/^\S+Z debug d\n\S+Z info i\n\S+Z warn w\n\S+Z error e\n$/)],
  ])('with %s shows what the engine logs, as far as that is wanted', async (line, expected) => {
    const io = createFakeIo();
    const engine = createFakeEngine({
      ...answers,
      'library.list': () => ({ models: [], partials: [], made: [], warnings: [] }),
    });
    const connect: typeof engine.connect = async (options, use) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) options.log(level, level.charAt(0));
      return engine.connect(options, use);
    };
    await runCli(line, { ...engine, connect }, io);
    expect(io.err()).toEqual(expected);
  });

  it('with --verbose logs each failed attempt', async () => {
    const io = createFakeIo();
    const report = Promise.withResolvers<VerifyReport>();
    const engine = createFakeEngine({ ...answers, 'library.verify': () => report.promise });
    const running = runCli('verify a/b --repair --verbose', engine, io);
    await engine.whenCalled('library.verify');
    const failure = { path: 'w', chunk: 3, attempt: 2, message: 'No answer.', delayMs: 1500 };
    engine.emit({ event: 'retry', download: 'd1', ...failure, code: 'Timeout' });
    report.resolve(GOOD);
    await running;
    expect(io.err()).toContain('info chunk 3 of w, attempt 2: No answer. (Timeout); again in 1.5 s');
  });
});
