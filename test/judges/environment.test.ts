import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgesEnvironment } from './environment.ts';

const hasVenv = spawnSync('python3', ['-m', 'ensurepip', '--version'], { stdio: 'ignore' }).status === 0;

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'haulyard-environment-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

describe('the environment of the judges', () => {
  it('is missing with a reason where there is no Python', async () => {
    vi.stubEnv('PATH', cache);
    expect(await judgesEnvironment()).toEqual({ bin: null, reason: 'there is no python3 on this machine' });
  });

  it.skipIf(!hasVenv)(
    'is missing with a reason where no registry answers, and leaves nothing half made',
    async () => {
      for (const name of ['PIP_FIND_LINKS', 'PIP_EXTRA_INDEX_URL']) vi.stubEnv(name, '');
      vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
      vi.stubEnv('PIP_INDEX_URL', 'http://127.0.0.1:9/simple');
      const { bin, reason } = await judgesEnvironment();
      expect([bin, reason]).toEqual([
        null,
        expect.stringContaining('registry of Python packages cannot be reached'),
      ]);
      expect(await readdir(join(cache, 'haulyard-judges'))).toEqual([]);
    },
  );
});
