import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { VerifyReport } from '../../shared/model/library.ts';
import { answers, BAD, cli, GOOD } from '../testing/cli.ts';
import { createFakeEngine } from '../testing/fake-engine.ts';
import { createFakeIo } from '../testing/fake-io.ts';
import { runCli } from '../testing/run-cli.ts';
import { progressBody } from '../testing/samples.ts';

describe('verify', () => {
  it('prints the published shape and exits with 5 when a file is damaged', async () => {
    const { code, io } = await cli('verify org/name --json', { 'library.verify': () => BAD });
    expect(code).toBe(5);
    expect(io.json()).toEqual([{ files: BAD.files, ok: false }]);
  });

  it('names damaged chunks and the way out to people', async () => {
    const { code, out, err } = await cli('verify org/name', { 'library.verify': () => BAD });
    expect(code).toBe(5);
    expect(err).toBe('haulyard: w.safetensors is damaged: expected bb, found cc; damaged chunks: 3, 17.\n');
    expect(out).toContain('1 of 2 files damaged. To bring back only what is damaged, add --repair.');
  });

  it('exits with 0 when everything is as it should be', async () => {
    const { code, out } = await cli('verify org/name');
    expect(code).toBe(0);
    expect(out).toBe('Verified: 1 file, every byte as expected (2025-03-04).\n');
  });

  it('exits with 9 when nothing is wrong but something could not be checked', async () => {
    const unchecked = { ...BAD.files[0]!, ok: null, expected: 'unknown', actual: 'not checked' };
    const report = { ok: null, files: [unchecked], uncheckedBecause: 'There is no network.' };
    const text = await cli('verify org/name', { 'library.verify': () => report });
    expect([text.code, text.out]).toEqual([9, '']);
    expect(text.err).toContain('config.json');
    expect(text.err).toContain('There is no network.');
    const { code, io } = await cli('verify org/name --json', { 'library.verify': () => report });
    expect([code, io.json()]).toEqual([9, [report]]);
  });

  it('passes its flags to the engine', async () => {
    const { engine } = await cli('verify org/name --quick --repair --revision v1');
    expect(engine.calls.at(-1)?.args).toEqual({
      reference: 'org/name',
      revision: 'v1',
      quick: true,
      repair: true,
    });
  });

  const busyOwner = () => {
    const engine = createFakeEngine(answers);
    const accesses: string[] = [];
    const connect: typeof engine.connect = async (options, use) => {
      accesses.push(use.access);
      if (use.access === 'owner') throw new AppError('LedgerBusy', 'The app is running.');
      return engine.connect(options, use);
    };
    return { engine: { ...engine, connect }, accesses };
  };

  it('reads alongside another owner of the ledger', async () => {
    const { engine, accesses } = busyOwner();
    expect(await runCli('verify org/name', engine, createFakeIo())).toBe(0);
    expect(accesses).toEqual(['owner', 'reader']);
  });

  it('does not repair alongside another owner of the ledger', async () => {
    const { engine, accesses } = busyOwner();
    expect(await runCli('verify org/name --repair', engine, createFakeIo())).toBe(8);
    expect(accesses).toEqual(['owner']);
  });

  it('counts the seconds while people wait', async () => {
    const io = createFakeIo();
    const report = Promise.withResolvers<VerifyReport>();
    const engine = createFakeEngine({ ...answers, 'library.verify': () => report.promise });
    const running = runCli('verify org/name', engine, io);
    await engine.whenCalled('library.verify');
    await io.pass(12_000);
    report.resolve(GOOD);
    await running;
    expect(io.out()).toBe(
      'verifying… 5 s\nverifying… 10 s\nVerified: 1 file, every byte as expected (2025-03-04).\n',
    );
  });

  it('reports what was repaired and the progress of a repair', async () => {
    const io = createFakeIo();
    const report = Promise.withResolvers<VerifyReport>();
    const engine = createFakeEngine({ ...answers, 'library.verify': () => report.promise });
    const running = runCli('verify org/name --repair', engine, io);
    await engine.whenCalled('library.verify');
    engine.emit({ event: 'repaired', download: 'd1', path: 'w', chunk: 7, bytes: 52_428_800 });
    engine.emit(progressBody({ state: 'repairing' }));
    await io.pass(5000);
    report.resolve(GOOD);
    await running;
    expect(io.out()).toBe(
      'Repaired chunk 7 of w: 52.4 MB downloaded again.\n' +
        'repairing… 5 s · 6.30 of 15.38 GB\n' +
        'Verified: 1 file, every byte as expected (2025-03-04).\n',
    );
  });
});
