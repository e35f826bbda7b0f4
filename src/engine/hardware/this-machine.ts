import type { Hardware } from '../../shared/model/hardware.ts';
import { detectHardware } from './detect-hardware.ts';
import { type HardwareProbe, systemProbe } from './hardware-probe.ts';
import { parseAssumption } from './parse-assumption.ts';

/**
 * Environment variable that describes another machine for demonstrations and tests, as `hardware --assume` does: `Apple
 * M3 Pro,18GB`.
 */
export const ASSUME_HARDWARE = 'HAULYARD_ASSUME_HARDWARE';

/**
 * Returns the machine that variants are chosen for: the one that {@link ASSUME_HARDWARE} describes, or this one. Throws
 * `BadRequest` for an invalid description.
 */
export async function thisMachine(
  env: Readonly<Record<string, string | undefined>>,
  probe: HardwareProbe = systemProbe(),
): Promise<Hardware> {
  const assumed = env[ASSUME_HARDWARE]?.trim() ?? '';
  return assumed === '' ? await detectHardware(probe) : parseAssumption(assumed);
}
