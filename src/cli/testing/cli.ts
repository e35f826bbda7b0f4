import type { Library, VerifyReport } from '../../shared/model/library.ts';
import { createFakeEngine, type FakeAnswers } from './fake-engine.ts';
import { createFakeIo, type FakeIoOptions } from './fake-io.ts';
import { runCli } from './run-cli.ts';
import { CATALOG, downloadView, HARDWARE, snapshotOf } from './samples.ts';

/** The commit of every sample. */
export const COMMIT = 'c'.repeat(40);
/** A library with one model, one partial and one warning. */
export const LIBRARY: Library = {
  models: [
    {
      repo: 'org/name',
      commit: COMMIT,
      bytes: 2_500_000_000,
      freeableBytes: 2_500_000_000,
      files: 5,
      complete: true,
      path: '/cache/models--org--name/snapshots/c',
      refs: ['main'],
      model: null,
      variant: null,
      verifiedAt: '2025-03-04T12:00:00.000Z',
      verifiedOk: true,
    },
  ],
  partials: [{ repo: 'org/other', path: '/cache/blobs/x.incomplete', bytes: 1_000_000, download: 'ab12' }],
  made: [],
  elsewhere: [
    {
      tool: 'ollama',
      name: 'llama3.2:latest',
      repo: null,
      path: '/ollama/blobs/x',
      bytes: 2_000_000,
      files: 1,
    },
  ],
  warnings: ['A link is broken.'],
};
const CHECKED_AT = '2025-03-04T12:00:00.000Z';
/** A verification that found damage. */
export const BAD: VerifyReport = {
  ok: false,
  files: [
    { path: 'config.json', ok: true, expected: 'aa', actual: 'aa', badChunks: [], checkedAt: CHECKED_AT },
    {
      path: 'w.safetensors',
      ok: false,
      expected: 'bb',
      actual: 'cc',
      badChunks: [3, 17],
      checkedAt: CHECKED_AT,
    },
  ],
};
/** A verification that found none. */
export const GOOD: VerifyReport = { ok: true, files: BAD.files.slice(0, 1) };
/** A healthy diagnosis. */
export const DIAGNOSIS = {
  versions: { haulyard: '1.2.3' },
  paths: { cache: '/cache' },
  checks: [{ name: 'ledger', ok: true, message: 'Healthy.' }],
  ok: true,
};
/** Answers of an engine without errors. */
export const answers: FakeAnswers = {
  'catalog.get': () => CATALOG,
  'hardware.get': () => HARDWARE,
  snapshot: () => snapshotOf([downloadView({ id: 'ab12' }), downloadView({ id: 'ab34', state: 'ready' })]),
  'library.list': () => LIBRARY,
  'library.path': () => ({ path: '/cache/models--org--name/snapshots/c' }),
  'library.verify': () => GOOD,
  'library.remove': () => ({ repo: 'org/name', freedBytes: 2_500_000_000, removedSnapshots: 1 }),
  'downloads.cancel': () => undefined,
  doctor: () => DIAGNOSIS,
};

/** Runs a command line; `over` replaces answers of the engine. */
export async function cli(
  line: string | readonly string[],
  over: FakeAnswers = {},
  options: FakeIoOptions = {},
) {
  const io = createFakeIo(options);
  const engine = createFakeEngine({ ...answers, ...over });
  const code = await runCli(line, engine, io);
  return { code, io, engine, out: io.out(), err: io.err() };
}
