import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, makeTestData, startOwner, type TestData } from './test-ledger.ts';
import { unfitVolume } from './unfit-volume.ts';

/** Intercepts the system's locks and shared memory, and responds like a file system without them. */
const WITHOUT = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#define REPLACED(NAME) \\
  int NAME(int fd, int cmd, ...) { \\
    static int (*real)(int, int, void *); \\
    va_list list; \\
    va_start(list, cmd); \\
    void *argument = va_arg(list, void *); \\
    va_end(list); \\
    if (getenv("LOCK_ERRNO") && (cmd == F_SETLK || cmd == F_SETLKW || cmd == F_GETLK)) { \\
      errno = atoi(getenv("LOCK_ERRNO")); \\
      return -1; \\
    } \\
    if (!real) real = dlsym(RTLD_NEXT, #NAME); \\
    return real(fd, cmd, argument); \\
  }
REPLACED(fcntl)
REPLACED(fcntl64)
#define MAPPED(NAME, OFFSET) \\
  void *NAME(void *at, size_t length, int prot, int flags, int fd, OFFSET offset) { \\
    static void *(*real)(void *, size_t, int, int, int, OFFSET); \\
    if (getenv("MAP_ERRNO") && fd >= 0 && flags == MAP_SHARED) { errno = atoi(getenv("MAP_ERRNO")); return MAP_FAILED; } \\
    if (!real) real = dlsym(RTLD_NEXT, #NAME); \\
    return real(at, length, prot, flags, fd, offset); \\
  }
MAPPED(mmap, off_t)
MAPPED(mmap64, off64_t)
`;

const hasCompiler = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

describe.runIf(hasCompiler)('a data folder on a volume without file locks', () => {
  let folder: string;
  let library: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haulyard-locks-'));
    library = join(folder, 'without.so');
    await writeFile(join(folder, 'without.c'), WITHOUT);
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(folder, 'without.c'), '-ldl']);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Opens a ledger there, as its owner and then as a reader; resolves to the two errors. */
  async function attempts(without: Record<string, number>): Promise<{ errors: unknown[]; left: string[] }> {
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const script = join(folder, 'program.mjs');
    await writeFile(
      script,
      `
      import { openLedger, openLedgerReader } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)};
      const dataDir = ${JSON.stringify(dataDir)};
      const errors = [];
      const attempt = async (work) => { try { await work(); errors.push(null); } catch ({ code, message }) { errors.push({ code, message }); } };
      await attempt(() => openLedger({ dataDir, runId: 'a', program: 'test', now: Date.now, log() {}, onLost() {} }));
      await attempt(() => openLedgerReader(dataDir, Date.now));
      console.log(JSON.stringify(errors));`,
    );
    const numbers = Object.entries(without).map(([name, errno]) => [name, String(errno)]);
    const env = { ...process.env, LD_PRELOAD: library, ...Object.fromEntries(numbers) };
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', env });
    if (stdout === '') throw new Error(stderr);
    return { errors: JSON.parse(stdout) as unknown[], left: await readdir(dataDir) };
  }

  const { ENODEV, ENOLCK, EINVAL, ENOSYS, EPERM } = constants.errno;
  it.each([
    ['ENOLCK', ENOLCK],
    ['EINVAL', EINVAL],
    ['ENOSYS', ENOSYS],
    ['EPERM', EPERM],
  ])(
    'is told as that, and how to choose another (%s)',
    async (_, errno) => {
      const { errors, left } = await attempts({ LOCK_ERRNO: errno });
      const told = {
        code: 'DiskPermission',
        message: expect.stringMatching(/without file locks/),
      };
      expect(errors).toEqual([told, told]);
      expect(left.filter((name) => name.startsWith('locks-'))).toEqual([]);
    },
    60_000,
  );

  it('or without memory that programs share is told so to its owner', async () => {
    const { errors } = await attempts({ MAP_ERRNO: ENODEV });
    const told = { code: 'DiskPermission', message: expect.stringMatching(/share memory/) };
    expect(errors).toEqual([told, null]);
  });
});

describe('a ledger that cannot be locked', () => {
  let data: TestData;
  beforeAll(async () => {
    data = await makeTestData();
  });
  afterAll(() => data.remove());

  it('because somebody else has it is not taken for one on such a volume', async () => {
    const busy = new Sqlite.SqliteError('database is locked', 'SQLITE_BUSY');
    expect(unfitVolume(busy, data.dataDir)).toBeNull();
    const other = await startOwner(data.dataDir);
    try {
      await expect(data.open()).rejects.toMatchObject({ code: 'LedgerBusy' });
    } finally {
      await kill(other);
    }
  });

  it('in a folder where nothing can be made is not taken for one either', () => {
    const busy = new Sqlite.SqliteError('database is locked', 'SQLITE_BUSY');
    expect(unfitVolume(busy, join(data.dataDir, 'none'))).toBeNull();
  });
});
