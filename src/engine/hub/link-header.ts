/**
 * The targets of a `Link` header by relation (RFC 8288), as they were written: perhaps relative. Of several with the same
 * relation the first one counts.
 */
export function linkTargets(link: string | undefined): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const relation = /;\s*rel=(?:"([^"]*)"|([^\s;,"]+))\s*(?:[;,]|$)/i.exec(parameters);
    const names = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    for (const name of names) {
      if (name !== '' && !targets.has(name)) targets.set(name, target);
    }
  }
  return targets;
}
