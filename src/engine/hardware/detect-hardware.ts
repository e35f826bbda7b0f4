import type { Hardware } from '../../shared/model/hardware.ts';
import { bandwidthGBps } from './chip-bandwidth.ts';
import { linuxVideoMemoryBytes } from './detect-linux.ts';
import { detectMac } from './detect-mac.ts';
import type { HardwareProbe } from './hardware-probe.ts';
import { budgetBytes, type GpuMemory } from './memory-budget.ts';

interface Facts {
  readonly chip: string;
  readonly memoryBytes: number;
  readonly gpu: GpuMemory;
  readonly translated: boolean;
}

async function readFacts(probe: HardwareProbe): Promise<Facts> {
  const chip = probe.cpuModel().trim() || 'Unknown processor';
  const memoryBytes = probe.totalMemory();
  if (probe.platform === 'darwin') {
    const { translated, wiredLimitBytes, ...told } = await detectMac(probe);
    const gpu = wiredLimitBytes === undefined ? {} : { wiredLimitBytes };
    return { chip, memoryBytes, ...told, gpu, translated };
  }
  const video = probe.platform === 'linux' ? await linuxVideoMemoryBytes(probe) : undefined;
  return {
    chip,
    memoryBytes,
    gpu: video === undefined ? {} : { videoMemoryBytes: video },
    translated: false,
  };
}

/**
 * Detects this computer's hardware. Never fails: what cannot be read falls back to what Node knows. The result does not
 * change while a program runs, so callers keep it.
 */
export async function detectHardware(probe: HardwareProbe): Promise<Hardware> {
  const { chip, memoryBytes, gpu, translated } = await readFacts(probe);
  return {
    chip,
    memoryBytes,
    budgetBytes: budgetBytes(memoryBytes, gpu),
    bandwidthGBps: bandwidthGBps(chip, memoryBytes),
    assumed: false,
    translated,
  };
}
