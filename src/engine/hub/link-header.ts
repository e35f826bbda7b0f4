/** A cursor has a few hundred characters. */
const MAX_CHARACTERS = 8192;

/**
 * Returns the targets of a `Link` header by relation (RFC 8288), as written: possibly relative. Of several with the
 * same relation the first one counts.
 */
export function linkTargets(link: string | undefined): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const { target, parameters } of linksOf((link ?? '').slice(0, MAX_CHARACTERS))) {
    const relation = /;\s{0,9}rel=(?:"([^"]*)"|([^\s;,"]+))\s{0,9}(?:[;,]|$)/i.exec(parameters);
    const names = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    for (const name of names) {
      if (name !== '' && !targets.has(name)) targets.set(name, target);
    }
  }
  return targets;
}

/**
 * Parses `<URL>; parameters, …` in one pass: a header of nothing but `<` must not cause a scan to the end from each of
 * them.
 */
function* linksOf(header: string): Generator<{ readonly target: string; readonly parameters: string }> {
  for (let open = header.indexOf('<'); open >= 0; ) {
    const close = header.indexOf('>', open);
    if (close < 0) return;
    const next = header.indexOf('<', close);
    yield {
      target: header.slice(open + 1, close),
      parameters: header.slice(close + 1, next < 0 ? header.length : next),
    };
    open = next;
  }
}
