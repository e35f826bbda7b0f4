import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies one process so that a later process with the same pid is not mistaken for it. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /**
   * `<boot>/<pid namespace>/<start>`; empty where the system does not provide it. The part before the last slash
   * defines where the pid is meaningful; the part after it distinguishes two processes that had the same pid there.
   */
  readonly processStart: string;
}

/** Whether one process can find out if another one is alive by asking the system for its pid. */
export type Relation =
  /** Both run on one system and see the same pids. */
  | 'same-pids'
  /** The other one ran on this computer before its last restart. */
  | 'earlier-boot'
  /** On another computer, or in another container. */
  | 'elsewhere';

/** Returns the identity of this process. Reads a few bytes of `/proc`, or runs `ps` and `sysctl` on macOS. */
export function ownIdentity(): ProcessIdentity {
  const start = readStart(process.pid)?.start;
  const processStart = start === undefined ? '' : `${pidSpace()}/${start}`;
  return { host: hostname(), pid: process.pid, processStart };
}

/** Returns how `other` relates to `self`. Host names are not enough: that of a Mac changes with its network. */
export function relationTo(other: ProcessIdentity, self: ProcessIdentity): Relation {
  const [theirs, ours] = [spaceOf(other), spaceOf(self)];
  if (theirs === '' || ours === '') return other.host === self.host ? 'same-pids' : 'elsewhere';
  if (theirs === ours) return 'same-pids';
  const [theirBoot, ourBoot] = [theirs.split('/')[0], ours.split('/')[0]];
  return other.host === self.host && theirBoot !== ourBoot ? 'earlier-boot' : 'elsewhere';
}

/**
 * True when exactly this process still exists; it may be stopped or asleep. For processes with the `same-pids` relation
 * only. One that has ended but was not reaped by its parent yet (a zombie) is gone.
 */
export function isAlive({ pid, processStart }: ProcessIdentity): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false; // 0 and negative numbers name process groups.
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not permitted: it belongs to another user, but it exists.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = readStart(pid);
  if (now === null) return true;
  return !now.zombie && (processStart === '' || processStart.endsWith(`/${now.start}`));
}

const spaceOf = ({ processStart }: ProcessIdentity): string =>
  processStart.slice(0, Math.max(0, processStart.lastIndexOf('/')));

/** System data about a process: when it began, as text without a slash, and whether it has ended already. */
interface Start {
  readonly start: string;
  readonly zombie: boolean;
}

/** Returns null when unknown. */
function readStart(pid: number): Start | null {
  try {
    if (process.platform === 'linux') return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (process.platform === 'darwin')
      return parsePs(run('/bin/ps', ['-o', 'stat=', '-o', 'lstart=', '-p', `${pid}`]));
  } catch {
    // A process that ended in the meantime, or a system without these sources.
  }
  return null;
}

/** Returns this boot of the system and, where pids have namespaces, the namespace of this process. */
function pidSpace(): string {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${readlinkSync('/proc/self/ns/pid')}`; // pid_namespaces(7)
    }
    if (process.platform === 'darwin') return run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']).trim();
  } catch {
    // Without it, the host name must suffice.
  }
  return '';
}

/** Locale settings change how `ps` prints a time, so they are fixed: a traveler's clock must not move a start. */
function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    timeout: 2000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
}

/**
 * Parses `/proc/PID/stat`: field 3 is the state, field 22 counts clock ticks from boot to the start. The command name
 * in field 2 may hold spaces and parentheses: fields are counted from the last `)`. Source: proc(5).
 */
export function parseProcStat(stat: string): Start | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return start === undefined ? null : { start, zombie: state === 'Z' || state === 'X' };
}

/** Parses `ps -o stat= -o lstart=`: a state that begins with `Z` for a zombie, and a date. Source: ps(1). */
export function parsePs(line: string): Start | null {
  const [state = '', ...date] = line.trim().split(/\s+/);
  return date.length === 0 ? null : { start: date.join(' '), zombie: state.startsWith('Z') };
}
