type Facts = Readonly<Record<string, unknown>>;

/** Whether a model fits the query of `GET /api/models`; every condition must hold. */
export function fits(facts: Facts, query: URLSearchParams): boolean {
  const id = String(facts.id).toLowerCase();
  const words = query.getAll('search').flatMap((text) => text.toLowerCase().split(/\s+/));
  const tags = tagsOf(facts);
  const author = query.get('author');
  const gated = query.get('gated');
  return (
    words.every((word) => id.includes(word)) &&
    (author === null || facts.author === author) &&
    query.getAll('filter').every((tag) => tags.has(tag)) &&
    query.getAll('pipeline_tag').every((task) => facts.pipeline_tag === task) &&
    (gated === null || (facts.gated !== false) === (gated.toLowerCase() === 'true')) &&
    withinParameters(facts, query.get('num_parameters'))
  );
}

/** Task, library and license count as tags. */
function tagsOf({ tags, pipeline_tag: task, library_name: library }: Facts): ReadonlySet<unknown> {
  return new Set([...(Array.isArray(tags) ? tags : []), task, library]);
}

const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12, '': 1 };

/** `min:1B,max:8B`; a model without a known number does not fit. */
function withinParameters(facts: Facts, range: string | null): boolean {
  if (range === null) return true;
  const known = (facts.safetensors ?? facts.gguf) as { total?: number } | undefined;
  if (known?.total === undefined) return false;
  const { total } = known;
  return range.split(',').every((part) => {
    const [, side, digits, unit] = /^(min|max):([\d.]+)([KMBT]?)$/.exec(part) ?? [];
    const bound = Number(digits) * (UNITS[unit ?? ''] ?? 1);
    return side === 'min' ? total >= bound : side === 'max' && total <= bound;
  });
}
