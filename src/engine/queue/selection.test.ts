import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPins, contradictions, type ListedFile, literalPattern, selectFiles } from './selection.ts';

const SHA = 'a'.repeat(64);
const listed = (path: string, changes: Partial<ListedFile> = {}): ListedFile => ({
  path,
  size: 10,
  hash: SHA,
  algorithm: 'sha256',
  ...changes,
});

const PATHS = [
  'README.md',
  'config.json',
  'model.safetensors',
  '.gitattributes',
  'onnx/model.onnx',
  'onnx/deep/config.json',
  'weights/a.safetensors',
  'weights/more/b.safetensors',
];

/** Returns the paths that pass. */
function pass(
  includes: ReadonlyArray<readonly string[]>,
  exclude: readonly string[] = [],
  paths = PATHS,
): string[] {
  return selectFiles(
    paths.map((path) => listed(path)),
    { includes, exclude },
  ).map(({ path }) => path);
}

describe('selectFiles', () => {
  it('lets everything pass without patterns', () => {
    expect(pass([[], []])).toEqual(PATHS);
  });

  it.each<[string, string[]]>([
    ['*.safetensors', ['model.safetensors', 'weights/a.safetensors', 'weights/more/b.safetensors']],
    ['config.json', ['config.json', 'onnx/deep/config.json']],
    ['/config.json', ['config.json']],
    ['/*.safetensors', ['model.safetensors']],
    ['weights/', ['weights/a.safetensors', 'weights/more/b.safetensors']],
    ['weights/*', ['weights/a.safetensors', 'weights/more/b.safetensors']],
    ['*/b.safetensors', ['weights/more/b.safetensors']],
    ['onnx/*.json', ['onnx/deep/config.json']],
    ['/weights/*', ['weights/a.safetensors']],
    ['weights/**', ['weights/a.safetensors', 'weights/more/b.safetensors']],
    ['**/config.json', ['config.json', 'onnx/deep/config.json']],
    ['*.{onnx,md}', ['README.md', 'onnx/model.onnx']],
    ['.*', ['.gitattributes']],
    ['model.?nnx', ['onnx/model.onnx']],
    [
      '[a-c]*',
      ['config.json', 'onnx/deep/config.json', 'weights/a.safetensors', 'weights/more/b.safetensors'],
    ],
  ])('understands %s', (pattern, expected) => {
    expect(pass([[pattern]])).toEqual(expected);
  });

  it('lets a file pass that one pattern of each list matches', () => {
    expect(pass([['*.safetensors', '*.json'], ['weights/']])).toEqual([
      'weights/a.safetensors',
      'weights/more/b.safetensors',
    ]);
  });

  it('leaves out what is excluded, whatever includes it', () => {
    expect(pass([['*.safetensors']], ['weights/'])).toEqual(['model.safetensors']);
  });

  it.each([
    [[['*.gguf']], []],
    [[], ['**']],
  ])('fails with BadRequest when nothing is left (%j, %j)', (includes, exclude) => {
    expect(() => pass(includes, exclude)).toThrow(
      expect.objectContaining({
        code: 'BadRequest',
        message: expect.stringMatching(/None of the 8 files.*README\.md/),
      }),
    );
  });

  it.each([
    ['Model.safetensors', 'Did you mean model.safetensors'],
    ['modle.safetensors', 'Did you mean model.safetensors'],
    ['weigths/a.safetensors', 'weights/a.safetensors'],
    [literalPattern('onnx/config.json'), 'onnx/deep/config.json'],
  ])('names what comes near a file that is not there: %s', (pattern, words) => {
    const filter = { includes: [['*.md', pattern]], exclude: [], each: ['*.md', pattern] };
    const files = PATHS.map((path) => listed(path));
    expect(() => selectFiles(files, filter)).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(words) }),
    );
  });

  it('lets a pattern match nothing if another one does, and names what exists if none does', () => {
    const files = PATHS.map((path) => listed(path));
    const filter = (each: string[]) => ({ includes: [each], exclude: [], each });
    expect(selectFiles(files, filter(['*.md', '*.gguf']))).not.toEqual([]);
    expect(() => selectFiles(files, filter(['*.gguf', '*.zip']))).toThrow(
      expect.objectContaining({ message: expect.stringContaining('Some of its files: README.md') }),
    );
  });

  it('takes a folder or a file of that name for one wish', () => {
    const each = [literalPattern('weights'), `${literalPattern('weights')}/**`];
    const files = PATHS.map((path) => listed(path));
    expect(selectFiles(files, { includes: [each], exclude: [], each })).toHaveLength(2);
  });

  it('fails with BadRequest for a repository without files', () => {
    expect(() => pass([], [], [])).toThrow(expect.objectContaining({ code: 'BadRequest' }));
  });
});

describe('literalPattern', () => {
  const odd = [
    'a*b',
    'a?b',
    '[x]',
    '{a,b}',
    '(a)',
    '!not',
    '+(a)',
    '@(a|b)',
    'a b',
    "it's",
    'ä/ö',
    '-',
    '#1',
    '~',
    '$x',
    '^x',
    '%20',
    'a,b',
    'a.b',
    '..a',
    'sub/[x]/*.bin',
    '&',
    ';',
    '<x>',
    '=',
    '`',
  ];

  it.each(odd)('matches exactly %s', (path) => {
    const others = ['other', 'ab', 'a', 'x', 'b', `sub/${path}x`, `${path}/below`];
    expect(pass([[literalPattern(path)]], [], [path, ...others.filter((other) => other !== path)])).toEqual([
      path,
    ]);
  });

  it('does not match the same name in a folder', () => {
    expect(pass([[literalPattern('config.json')]])).toEqual(['config.json']);
  });

  it('matches whatever printable name a repository has', () => {
    const character = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code));
    const name = fc
      .array(
        character.filter((each) => each !== '\\' && each !== '/'),
        { minLength: 1, maxLength: 12 },
      )
      .map((characters) => characters.join(''))
      .filter((text) => !/^[. ]+$/.test(text));
    fc.assert(
      fc.property(name, (path) => {
        expect(pass([[literalPattern(path)]], [], [path, 'zzz'])).toEqual([path]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('contradictions', () => {
  const files = [listed('a.bin'), listed('small.json', { hash: 'b'.repeat(40), algorithm: 'git-sha1' })];

  it('finds none where size and SHA-256 are as pinned', () => {
    expect(contradictions(files, [{ path: 'a.bin', size: 10, sha256: SHA }])).toEqual([]);
  });

  it('finds none where nothing but the path is pinned', () => {
    expect(contradictions(files, [{ path: 'a.bin' }])).toEqual([]);
  });

  it.each([
    [{ path: 'gone.bin' }, { path: 'gone.bin', what: 'missing' }],
    [
      { path: 'a.bin', size: 11 },
      { path: 'a.bin', what: 'size' },
    ],
    [
      { path: 'a.bin', size: 10, sha256: 'c'.repeat(64) },
      { path: 'a.bin', what: 'checksum' },
    ],
  ])('finds %j', (pin, sentence) => {
    expect(contradictions(files, [pin])).toEqual([sentence]);
  });

  it('does not compare a pinned SHA-256 with the hash of a git file', () => {
    expect(contradictions(files, [{ path: 'small.json', sha256: SHA }])).toEqual([]);
  });
});

describe('checkPins', () => {
  it('fails with ChangedUpstream and the differences', () => {
    expect(() => checkPins([listed('a.bin')], [{ path: 'a.bin', size: 1 }], 'org/model')).toThrow(
      expect.objectContaining({
        code: 'ChangedUpstream',
        message: expect.stringContaining('a.bin is of another size.'),
        details: expect.objectContaining({ differences: 1, otherSize: 'a.bin', remedy: 'accept-changed' }),
      }),
    );
  });

  it('accepts files that match their pins', () => {
    expect(() => checkPins([listed('a.bin')], [{ path: 'a.bin', size: 10 }], 'org/model')).not.toThrow();
  });
});
