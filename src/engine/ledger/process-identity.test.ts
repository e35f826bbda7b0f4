import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  isAlive,
  ownIdentity,
  type ProcessIdentity,
  parseProcStat,
  parsePs,
  relationTo,
} from './process-identity.ts';

const self: ProcessIdentity = { host: 'mac', pid: 10, processStart: 'boot-1/pid:[1]/500' };

describe('relationTo', () => {
  it.each<[string, Partial<ProcessIdentity>, string]>([
    ['the same boot and pid namespace', { pid: 11, processStart: 'boot-1/pid:[1]/900' }, 'same-pids'],
    ['the same boot under another host name', { host: 'mac.local' }, 'same-pids'],
    ['this host before it was started again', { processStart: 'boot-0/pid:[1]/500' }, 'earlier-boot'],
    ['another container of the same name', { processStart: 'boot-1/pid:[2]/500' }, 'elsewhere'],
    ['another host', { host: 'nas', processStart: 'boot-9/pid:[1]/500' }, 'elsewhere'],
    ['this host where no start is known', { processStart: '' }, 'same-pids'],
    ['another host where no start is known', { host: 'nas', processStart: '' }, 'elsewhere'],
  ])('tells %s', (_case, changes, relation) => {
    expect(relationTo({ ...self, ...changes }, self)).toBe(relation);
  });
});

describe('isAlive', () => {
  it('finds this process', () => {
    expect(isAlive(ownIdentity())).toBe(true);
  });

  it('does not take a later process with the same pid for the one before', () => {
    expect(isAlive({ ...ownIdentity(), processStart: 'boot/pid:[1]/1' })).toBe(false);
  });

  it('goes by the pid alone where no start was recorded', () => {
    expect(isAlive({ ...ownIdentity(), processStart: '' })).toBe(true);
  });

  it('does not find a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isAlive({ host: '', pid: child.pid ?? 0, processStart: '' })).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 40])('takes the pid %d for no process', (pid) => {
    expect(isAlive({ host: '', pid, processStart: '' })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('takes a process that nobody collected for ended', async () => {
    // The shell becomes a program that never waits for the child it has inherited.
    const shell = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const zombie = { host: '', pid: Number(line), processStart: '' };
    await expect.poll(() => isAlive(zombie), { timeout: 5000 }).toBe(false);
    expect(process.kill(zombie.pid, 0)).toBe(true);
    shell.kill('SIGKILL');
  });
});

describe('ownIdentity', () => {
  it('is the same each time', () => {
    expect(ownIdentity()).toEqual(ownIdentity());
  });
});

describe('parseProcStat', () => {
  const tail = (state: string) => `${state} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21`;

  it('reads the start of a process whose name holds spaces and parentheses', () => {
    expect(parseProcStat(`42 (a) S (b c) ${tail('S')}`)).toEqual({ start: '4711', zombie: false });
  });

  it('knows a zombie', () => {
    expect(parseProcStat(`42 (node) ${tail('Z')}`)).toEqual({ start: '4711', zombie: true });
  });

  it('returns nothing for a truncated line', () => {
    expect(parseProcStat('42 (node) S 1')).toBeNull();
  });
});

describe('parsePs', () => {
  it.each([
    ['Ss   Sun Nov 22 10:44:01 2026\n', { start: 'Sun Nov 22 10:44:01 2026', zombie: false }],
    ['Z+   Sun Nov  2 10:44:01 2026\n', { start: 'Sun Nov 2 10:44:01 2026', zombie: true }],
    ['', null],
  ])('reads %j', (line, start) => {
    expect(parsePs(line)).toEqual(start);
  });
});
