import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process so that a later process with the same pid is not taken for it. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Opaque text that differs between two processes with the same pid. */
  readonly processStart: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, processStart: processStart(process.pid) ?? '' };
}

/** True when exactly this process is still there (it may be stopped or asleep). */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const start = processStart(identity.pid);
  return start === null || identity.processStart === '' || start === identity.processStart;
}

/** When a process started, as the system writes it; null when it cannot be told. */
function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') return linuxProcessStart(pid);
    if (process.platform === 'darwin') {
      return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        timeout: 2000,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    }
  } catch {
    // A process that ended in the meantime, or a system without these sources.
  }
  return null;
}

/**
 * Field 22 of `/proc/PID/stat` counts clock ticks since boot, so the boot is named too. The command name in
 * field 2 may hold spaces and parentheses: fields are counted from the last `)`. Source: proc(5).
 */
function linuxProcessStart(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${fields[19] ?? ''}`;
}
