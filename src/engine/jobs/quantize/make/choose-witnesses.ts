import type { Unit } from '../plan/unit.ts';

/** Number of units that the second kernel produces again. */
const WITNESSES = 64;

/**
 * Indices of the units that are recomputed: the first and the last of each file, one of every family of tensors (names that
 * differ in numbers only), and others spread evenly, 64 in all or all there are.
 */
export function chooseWitnesses(units: readonly Unit[]): ReadonlySet<number> {
  const chosen = new Set<number>();
  const families = new Set<string>();
  for (const [place, { index, file, pieces }] of units.entries()) {
    const family = pieces[0]?.tensor.replaceAll(/\d+/g, 'N') ?? '';
    const isEdge = units[place - 1]?.file !== file || units[place + 1]?.file !== file;
    if (isEdge || !families.has(family)) chosen.add(index);
    families.add(family);
  }
  const wanted = Math.min(WITNESSES, units.length);
  for (const unit of [...everyNth(units, wanted), ...units]) {
    if (chosen.size >= wanted) break;
    chosen.add(unit.index);
  }
  return chosen;
}

/** `count` of the units, evenly spread. */
function everyNth(units: readonly Unit[], count: number): Unit[] {
  const step = Math.max(1, Math.floor(units.length / count));
  return units.filter((_, place) => place % step === 0);
}
