import type { HardwareProbe } from './hardware-probe.ts';

/** What macOS reports about the computer; fields are absent when it does not. */
export interface MacFacts {
  readonly chip?: string;
  readonly memoryBytes?: number;
  readonly wiredLimitBytes?: number;
  readonly translated: boolean;
}

/** An absolute path, so that no other program of that name on the PATH is run. */
const SYSCTL = '/usr/sbin/sysctl';
const ARCH = '/usr/bin/arch';

type Ask = Pick<HardwareProbe, 'run'>;

/** One key per call: with several, a key that this macOS does not have would shift the lines. */
async function sysctl({ run }: Ask, key: string): Promise<string | undefined> {
  const text = await run(SYSCTL, ['-n', key]).catch(() => '');
  return text.trim() || undefined;
}

/** Does the same as {@link sysctl} in a native process: under Rosetta the chip is called `VirtualApple`. */
async function nativeChip({ run }: Ask): Promise<string | undefined> {
  const text = await run(ARCH, ['-arm64', SYSCTL, '-n', 'machdep.cpu.brand_string']).catch(() => '');
  return text.trim() || undefined;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/**
 * Asks macOS for chip, memory, the GPU memory limit and Rosetta. `iogpu.wired_limit_mb` counts MiB, and 0 means that no
 * limit was set manually; `sysctl.proc_translated` exists only on Apple silicon.
 */
export async function detectMac(probe: Ask): Promise<MacFacts> {
  const [brand, memory, wiredLimit, translation] = await Promise.all([
    sysctl(probe, 'machdep.cpu.brand_string'),
    sysctl(probe, 'hw.memsize'),
    sysctl(probe, 'iogpu.wired_limit_mb'),
    sysctl(probe, 'sysctl.proc_translated'),
  ]);
  const translated = translation === '1';
  const chip = translated ? ((await nativeChip(probe)) ?? brand) : brand;
  const memoryBytes = wholeNumber(memory);
  const wiredLimitMiB = wholeNumber(wiredLimit) ?? 0;
  return {
    translated,
    ...(chip !== undefined && { chip }),
    ...(memoryBytes !== undefined && memoryBytes > 0 && { memoryBytes }),
    ...(wiredLimitMiB > 0 && { wiredLimitBytes: wiredLimitMiB * 2 ** 20 }),
  };
}
