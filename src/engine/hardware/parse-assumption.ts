import { AppError } from '../../shared/contract/errors.ts';
import type { Hardware } from '../../shared/model/hardware.ts';
import { bandwidthGBps } from './chip-bandwidth.ts';
import { budgetBytes } from './memory-budget.ts';

const ASSUMPTION = /^\s*([^,]{1,80}?)\s*,\s*(\d{1,5}(?:\.\d{1,3})?)\s*(?:GB|GiB|G)\s*$/i;

/**
 * Parses a machine described by a person: `Apple M3 Pro,18GB`. Memory is the number the maker prints, which counts in
 * powers of 1024 whether it says GB or GiB, so the result equals the one on that machine.
 * @throws AppError BadRequest with an example
 */
export function parseAssumption(text: string): Hardware {
  const [, name, digits] = ASSUMPTION.exec(text) ?? [];
  const memoryBytes = Math.round(Number(digits) * 2 ** 30);
  if (name === undefined || !(memoryBytes > 0)) {
    throw new AppError(
      'BadRequest',
      `"${text.slice(0, 100)}" does not describe a machine. Write chip and memory, for instance "Apple M3 Pro,18GB".`,
    );
  }
  const chip = name.replace(/\s+/g, ' ');
  return {
    chip,
    memoryBytes,
    budgetBytes: budgetBytes(memoryBytes),
    bandwidthGBps: bandwidthGBps(chip, memoryBytes),
    assumed: true,
    translated: false,
  };
}
