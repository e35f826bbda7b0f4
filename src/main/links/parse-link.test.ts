import { describe, expect, it } from 'vitest';
import { linkAmong, parseLink } from './parse-link.ts';

describe('parseLink', () => {
  it('asks for a preview, and for nothing more', () => {
    expect(parseLink('haulyard://download?repo=kyutai/moshiko-mlx-bf16')).toEqual({
      do: 'preview',
      reference: 'kyutai/moshiko-mlx-bf16',
    });
  });

  it('takes a variant and a revision along', () => {
    expect(parseLink('haulyard://download?repo=org%2Fname&variant=q8&revision=refs/pr/1')).toEqual({
      do: 'preview',
      reference: 'org/name',
      variant: 'q8',
      revision: 'refs/pr/1',
    });
  });

  it('does not mind the slash and the capitals that browsers add', () => {
    expect(parseLink('HAULYARD://download/?repo=org/name')).not.toBeNull();
  });

  it.each([
    'haulyard://download',
    'haulyard://download?',
    'haulyard://download?repo=',
    'haulyard://download?repo=moshi',
    'haulyard://download?repo=../../etc',
    'haulyard://download?repo=org/..',
    'haulyard://download?repo=org/name&repo=evil/name',
    'haulyard://download?repo=org/name&start=1',
    'haulyard://download?repo=org/name&variant=q2',
    'haulyard://download?repo=org/name&revision=../x',
    'haulyard://download?repo=org/name&revision=--upload',
    'haulyard://download?repo=org/name\n--inspect',
    'haulyard://remove?repo=org/name',
    'haulyard://download.evil?repo=org/name',
    'haulyard:download?repo=org/name',
    'https://download?repo=org/name',
    `haulyard://download?repo=org/${'n'.repeat(2000)}`,
    '',
  ])('makes nothing of %s', (text) => {
    expect(parseLink(text)).toBeNull();
  });
});

describe('linkAmong', () => {
  it('finds the link among the arguments', () => {
    expect(linkAmong(['/opt/haulyard', '--no-sandbox', 'haulyard://download?repo=a/b'])).toBe(
      'haulyard://download?repo=a/b',
    );
    expect(linkAmong(['/opt/haulyard', 'haulyard.txt'])).toBeNull();
  });
});
