import { readFile } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { canMeasureUsage } from './measure/run-command.ts';

/** The machine in words that name nobody. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute; more than 0.5 before the start disturbs the result. */
  readonly loadAverage: number;
}

/** Describes this machine. */
export async function describeMachine(): Promise<Machine> {
  const known = cpus();
  const distribution = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const name = /^PRETTY_NAME="(.*)"$/m.exec(distribution)?.[1];
  return {
    cpu: known[0]?.model.trim() ?? 'unknown',
    cores: known.length,
    memoryBytes: totalmem(),
    system: [name, platform(), release(), arch()].filter(Boolean).join(', '),
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** The description as lines of a page. */
export function machineLines({ cpu, cores, memoryBytes, system, node, loadAverage }: Machine): string[] {
  return [
    `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB of memory; ${system}; Node ${node}.`,
    `Load average at the start: ${loadAverage.toFixed(1)}.`,
    ...(canMeasureUsage() ? [] : ['CPU time and memory are not measured: that needs GNU time on Linux.']),
  ];
}
