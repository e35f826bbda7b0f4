import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Folders below which a file named in the documentation may lie, as its readers write it. */
const ROOTS = [
  '',
  'src/',
  'src/engine/',
  'src/engine/sources/xet/',
  'src/main/',
  'src/renderer/',
  'src/shared/',
  'docs/',
];
const PAGES = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** Files in backquotes, and pages that are linked to. */
function namedFiles(text: string): string[] {
  const code = [...text.matchAll(/`([\w./-]+\/[\w./-]+\.(?:ts|tsx|md|json|yml|py))`/g)].map(
    ([, path]) => path ?? '',
  );
  const links = [...text.matchAll(/\]\((?!https?:)([\w./-]+\.(?:md|svg|png))\)/g)].map(
    ([, path]) => path ?? '',
  );
  return [...code, ...links];
}

/** Pages name a test by its path or by the end of it. */
const TESTS = ['src', 'test', 'tools'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`.replaceAll('\\', '/'))
    .filter((path) => /\.test\.tsx?$/.test(path)),
);

/** Tests that are named as `file` "words of its name", "words of another one". */
function namedTests(text: string): Array<readonly [file: string, words: string]> {
  const named = text.matchAll(/`([\w./-]+\.test\.tsx?)`((?:(?:,| and)? ?"[^"]+")+)/g);
  return [...named].flatMap(([, file = '', names = '']) =>
    [...names.matchAll(/"([^"]+?)…?"/g)].map(([, words = '']) => [file, words] as const),
  );
}

describe('a page of the documentation', () => {
  it.each(PAGES)('%s names only tests that are there', (page) => {
    const missing = namedTests(readFileSync(page, 'utf8')).filter(([file, words]) => {
      const meant = TESTS.filter((path) => `/${path}`.endsWith(`/${file}`));
      return !meant.some((path) => readFileSync(path, 'utf8').includes(words));
    });
    expect(missing).toEqual([]);
  });

  it('that says which tests keep its promises names many', () => {
    const counts = ['reliability', 'security-checklist'].map(
      (name) => namedTests(readFileSync(`docs/${name}.md`, 'utf8')).length,
    );
    expect(Math.min(...counts)).toBeGreaterThan(4);
  });

  it.each(PAGES)('%s names only files that are there', (page) => {
    const missing = namedFiles(readFileSync(page, 'utf8')).filter(
      (path) =>
        !ROOTS.some((root) => existsSync(root + path)) &&
        !existsSync(new URL(path, `file:///${page}`).pathname.slice(1)),
    );
    expect(missing).toEqual([]);
  });
});
