import { expect, it } from 'vitest';
import type { ScannedSnapshot } from '../cache/scan-repository.ts';
import { freeableBytes } from './freeable-bytes.ts';

const file = (path: string, size: number, hash: string | null) => ({ path, size, hash, broken: false });
const snapshot = (repo: string, commit: string, files: ScannedSnapshot['files']): ScannedSnapshot => {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { repo, commit, path: `/${repo}/${commit}`, files, bytes, refs: [], complete: true };
};

it('leaves out what another snapshot of the repository shares', () => {
  const one = snapshot('org/a', '1', [file('w', 100, 'x'), file('c', 5, 'y')]);
  const two = snapshot('org/a', '2', [file('w', 100, 'x'), file('c', 7, 'z')]);
  const freed = freeableBytes([one, two]);
  expect([freed.get(one), freed.get(two)]).toEqual([5, 7]);
});

it('counts a content once, however many names it has', () => {
  const one = snapshot('org/a', '1', [file('w', 100, 'x'), file('copy', 100, 'x')]);
  expect(freeableBytes([one]).get(one)).toBe(100);
});

it('takes equal contents of two repositories, and files that are no links, for different ones', () => {
  const one = snapshot('org/a', '1', [file('w', 100, 'x'), file('plain', 3, null)]);
  const two = snapshot('org/b', '1', [file('w', 100, 'x'), file('plain', 3, null)]);
  const freed = freeableBytes([one, two]);
  expect([freed.get(one), freed.get(two)]).toEqual([103, 103]);
});
