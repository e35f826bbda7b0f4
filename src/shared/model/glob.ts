/** Maximum number of alternatives in the braces of one pattern; nobody types more. */
const MAX_ALTERNATIVES = 1000;

/** One step of a pattern: a character, any of a set, or any number of characters. */
type Step =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: ReadonlyArray<readonly [string, string]>;
    }
  /** `crosses` is true for `**`, which matches slashes too. */
  | { readonly kind: 'star'; readonly crosses: boolean }
  /** Before `**` and a slash, which may match no folder at all: both may be skipped. */
  | { readonly kind: 'fork' };

/** Steps from a fork to after the star and the slash. */
const FORK_STEPS = 3;

/**
 * Returns a matcher for a glob (with `starsCross` a single `*` crosses folders too): `*` and `?` within a name, `**`
 * across folders, `[a-z]`, `[!a-z]`, `{a,b}`, and `\` before a literal character. Takes time proportional to the length
 * of the path times that of the pattern, whatever both are: a server chooses the names, and with a backtracking matcher
 * 300 names of 250 characters take `*-*-*-*-*.bin` 18 s.
 */
export function globMatcher(
  pattern: string,
  { starsCross = false }: { readonly starsCross?: boolean } = {},
): (path: string) => boolean {
  const alternatives = expandBraces(pattern).map((each) => stepsOf([...each], starsCross));
  return (path) => {
    const characters = [...path];
    return alternatives.some((steps) => matches(steps, characters));
  };
}

/** Tracks all possible states of the pattern at once. */
function matches(steps: readonly Step[], characters: readonly string[]): boolean {
  let states = closure(steps, [0]);
  for (const character of characters) {
    const next: number[] = [];
    for (const state of states) {
      const step = steps[state];
      if (step && accepts(step, character)) next.push(step.kind === 'star' ? state : state + 1);
    }
    if (next.length === 0) return false;
    states = closure(steps, next);
  }
  return states.includes(steps.length);
}

/** Adds all states that are reached without a character: a star may match nothing. Ascending, each once. */
function closure(steps: readonly Step[], states: readonly number[]): readonly number[] {
  const reached = new Set(states);
  // States added while the set is walked are walked as well.
  for (const state of reached) {
    const kind = steps[state]?.kind;
    if (kind === 'star' || kind === 'fork') reached.add(state + 1);
    if (kind === 'fork') reached.add(state + FORK_STEPS);
  }
  return [...reached];
}

function accepts(step: Step, character: string): boolean {
  switch (step.kind) {
    case 'literal':
      return step.character === character;
    case 'any':
      return character !== '/';
    case 'star':
      return step.crosses || character !== '/';
    case 'fork':
      return false;
    case 'set':
      return (
        character !== '/' &&
        step.ranges.some(([from, to]) => character >= from && character <= to) !== step.negated
      );
  }
}

function stepsOf(characters: readonly string[], starsCross: boolean): readonly Step[] {
  const steps: Step[] = [];
  const lastClose = characters.lastIndexOf(']');
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '\\' && at + 1 < characters.length) {
      at += 1;
      steps.push({ kind: 'literal', character: characters[at] ?? '' });
    } else if (character === '*') {
      const start = at;
      while (characters[at + 1] === '*') at += 1;
      const isDouble = at > start;
      const isFolder = (start === 0 || characters[start - 1] === '/') && characters[at + 1] === '/';
      if (isDouble && isFolder) steps.push({ kind: 'fork' });
      steps.push({ kind: 'star', crosses: isDouble || starsCross });
    } else if (character === '?') steps.push({ kind: 'any' });
    else {
      const set = character === '[' && at < lastClose ? setAt(characters, at) : null;
      steps.push(set?.step ?? { kind: 'literal', character });
      at = set?.end ?? at;
    }
  }
  return steps;
}

/** Returns null when the bracket does not close: then it is literal. */
function setAt(
  characters: readonly string[],
  open: number,
): { readonly step: Step; readonly end: number } | null {
  const negated = characters[open + 1] === '!' || characters[open + 1] === '^';
  const first = open + (negated ? 2 : 1);
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return null;
  const ranges: Array<readonly [string, string]> = [];
  for (let at = first; at < end; at += 1) {
    const from = characters[at] ?? '';
    const to = characters[at + 1] === '-' && at + 2 < end ? (characters[at + 2] ?? '') : null;
    ranges.push([from, to ?? from]);
    if (to !== null) at += 2;
  }
  return { step: { kind: 'set', negated, ranges }, end };
}

/** Expands `{a,b}`. Braces that do not close, or contain no comma, are literal. */
function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const braces = bracesIn(next);
    if (braces === null || done.length + waiting.length > MAX_ALTERNATIVES) done.push(next);
    else
      for (const part of braces.parts)
        waiting.push(next.slice(0, braces.start) + part + next.slice(braces.end));
  }
  return done;
}

/** Finds the first pair of braces with a comma between them. */
function bracesIn(pattern: string): { start: number; end: number; parts: readonly string[] } | null {
  const opened: Array<{ readonly at: number; readonly commas: number[] }> = [];
  let found: { readonly at: number; readonly commas: number[]; readonly end: number } | null = null;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (character === '{') opened.push({ at, commas: [] });
    else if (character === ',') opened.at(-1)?.commas.push(at);
    else if (character === '}') {
      const open = opened.pop();
      if (open && open.commas.length > 0) {
        found = { ...open, end: at };
        break;
      }
    }
  }
  if (found === null) return null;
  const borders = [found.at, ...found.commas, found.end];
  const parts = borders.slice(1).map((border, index) => pattern.slice((borders[index] ?? 0) + 1, border));
  return { start: found.at, end: found.end + 1, parts };
}
