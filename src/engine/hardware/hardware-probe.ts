import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

/** How to query the machine. Every method may reject; what cannot be read counts as unknown. */
export interface HardwareProbe {
  readonly platform: string;
  /** Returns the standard output of a program, given by its absolute path and run without a shell. */
  readonly run: (file: string, args: readonly string[]) => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  /** Memory in bytes. */
  readonly totalMemory: () => number;
  /** Name of the processor, empty when unknown. */
  readonly cpuModel: () => string;
}

/** These programs respond in milliseconds; one that did not within this time never will. */
const RUN_TIMEOUT_MS = 5000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** The real machine. */
export function systemProbe(signal?: AbortSignal): HardwareProbe {
  return {
    platform: process.platform,
    run: (file, args) =>
      new Promise((resolve, reject) => {
        const options = { timeout: RUN_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, ...(signal && { signal }) };
        execFile(file, [...args], options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
      }),
    readFile: (path) => readFile(path, { encoding: 'utf8', signal }),
    totalMemory: totalmem,
    cpuModel: () => cpus()[0]?.model ?? '',
  };
}
