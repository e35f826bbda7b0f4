import type { PageRequest } from '../../shared/contract/bridge.ts';
import { PRECISIONS, repositoryIdSchema } from '../../shared/model/catalog.ts';

/** The scheme of links that other programs and web pages may offer. */
export const LINK_SCHEME = 'haulyard';

/** Letters, digits and `. _ - /`, as in names of branches, tags and commits; no `..`, no leading punctuation. */
const REVISION = /^[A-Za-z0-9][\w./-]{0,199}$/;
const KNOWN_KEYS: ReadonlySet<string> = new Set(['repo', 'variant', 'revision']);
/** Longer than any legitimate link; a longer one is ignored. */
const MAX_CHARACTERS = 1000;

/**
 * Parses `haulyard://download?repo=org/name[&variant=q8][&revision=main]`. A link can come from anywhere, so it can do
 * no more than open the preview, in which the user decides. Returns null for everything that is not exactly of this
 * form.
 */
export function parseLink(text: string): Extract<PageRequest, { do: 'preview' }> | null {
  const match = /^haulyard:\/\/download\/?\?([\x21-\x7e]+)$/i.exec(text.slice(0, MAX_CHARACTERS + 1));
  if (!match?.[1] || text.length > MAX_CHARACTERS) return null;
  const query = new URLSearchParams(match[1]);
  const keys = [...query.keys()];
  if (keys.some((key) => !KNOWN_KEYS.has(key)) || new Set(keys).size !== keys.length) return null;
  const repo = repositoryIdSchema.safeParse(query.get('repo'));
  const revision = query.get('revision');
  const variant = PRECISIONS.find((precision) => precision === query.get('variant'));
  if (!repo.success || (query.has('variant') && !variant)) return null;
  if (revision !== null && (!REVISION.test(revision) || revision.includes('..'))) return null;
  return {
    do: 'preview',
    reference: repo.data,
    ...(variant ? { variant } : {}),
    ...(revision === null ? {} : { revision }),
  };
}

/** Returns the link among the arguments of a program start, null when there is none. Ignores everything else. */
export function linkAmong(argv: readonly string[]): string | null {
  return argv.find((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`)) ?? null;
}
