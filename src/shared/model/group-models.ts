import type { Verdict } from './hardware.ts';
import type { FoundGroup, FoundModel } from './search.ts';

/** Best first; unknown comes between what runs and what does not. */
const VERDICTS: readonly Verdict[] = ['runs-well', 'fits', 'tight', 'may-stutter'];
/** Among those that run well a larger one answers better; among the rest a smaller one comes nearest to running. */
const bytesOf = ({ bytes }: FoundModel): number => bytes ?? 0;

/**
 * Groups smaller versions with the model they were made from, in the order in which the first of each was found. Within
 * a group the one that suits this computer best comes first. A repository that was found twice appears once.
 */
export function groupModels(models: readonly FoundModel[]): readonly FoundGroup[] {
  const groups = new Map<string, FoundModel[]>();
  const seen = new Set<string>();
  for (const model of models) {
    if (seen.has(model.repo)) continue;
    seen.add(model.repo);
    const base = model.quantizedFrom ?? model.repo;
    groups.set(base, [...(groups.get(base) ?? []), model]);
  }
  return [...groups].map(([base, found]) => {
    const [first, ...rest] = found.toSorted(suitsBetter);
    return { base, variants: [first as FoundModel, ...rest] };
  });
}

/** Installed ones first, then what runs best, then what answers best among those, then what most people take. */
function suitsBetter(a: FoundModel, b: FoundModel): number {
  return (
    Number(b.here === 'whole') - Number(a.here === 'whole') ||
    rank(a) - rank(b) ||
    Number(a.gated !== false) - Number(b.gated !== false) ||
    Number(isBulky(a)) - Number(isBulky(b)) ||
    (rank(a) === 0 ? bytesOf(b) - bytesOf(a) : bytesOf(a) - bytesOf(b)) ||
    (b.downloads ?? 0) - (a.downloads ?? 0)
  );
}

function rank({ suitability: { verdict } }: FoundModel): number {
  if (verdict === null) return VERDICTS.length;
  const at = VERDICTS.indexOf(verdict);
  return at < 0 ? VERDICTS.length + 1 : at < 2 ? 0 : at;
}

/** Unrounded weights give no better answers than eight bits, at twice the download. */
function isBulky({ precision }: FoundModel): boolean {
  return precision !== null && /^(BF16|F16|F32)$/.test(precision);
}
