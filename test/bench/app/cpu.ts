import { readFile } from 'node:fs/promises';
import type { AppProcesses } from '../../e2e/engine-process.ts';

/** Processor time that processes used, in seconds since each began. */
export type CpuTimes = Readonly<Record<keyof AppProcesses, number>>;

/** Ticks per second of the times in /proc; 100 on every Linux that Node runs on. Source: proc(5), sysconf(_SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;

/** Reads the processor time of each process. Linux only. */
export async function cpuTimes(processes: AppProcesses): Promise<CpuTimes> {
  const { main, renderer, engine } = processes;
  const [ofMain, ofRenderer, ofEngine] = await Promise.all([main, renderer, engine].map(secondsOf));
  return { main: ofMain ?? 0, renderer: ofRenderer ?? 0, engine: ofEngine ?? 0 };
}

/** Shares of one core, in percent, over `seconds`. */
export function shares(before: CpuTimes, after: CpuTimes, seconds: number): CpuTimes {
  const share = (name: keyof CpuTimes) => ((after[name] - before[name]) / seconds) * 100;
  return { main: share('main'), renderer: share('renderer'), engine: share('engine') };
}

async function secondsOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may contain spaces. Fields 14 and 15 are utime and stime.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
