import { describe, expect, it } from 'vitest';
import { AppError } from '../shared/contract/errors.ts';
import { asksForJson, parseCommandLine } from './program.ts';

/** Splits a line into words; no argument of these tests contains a space. */
const parse = (line: string) => parseCommandLine(line.split(' '), '1.2.3');
const invocation = (line: string) => {
  const parsed = parse(line);
  if (parsed.kind !== 'run') throw new Error(`${line} printed something`);
  return parsed.invocation;
};
const refusal = (argv: readonly string[]) => {
  try {
    parseCommandLine(argv, '1.2.3');
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('was accepted');
};

const DOWNLOAD = {
  command: 'download',
  reference: 'moshi',
  variant: 'auto',
  include: [],
  exclude: [],
  from: {},
  dryRun: false,
  tokenStdin: false,
  acceptChanged: false,
};

describe('parseCommandLine', () => {
  it.each([
    ['catalog', { command: 'catalog' }],
    ['hardware', { command: 'hardware' }],
    ['hardware --assume M3,16GB', { command: 'hardware', assume: 'M3,16GB' }],
    ['status', { command: 'status' }],
    ['resume', { command: 'resume', tokenStdin: false, acceptChanged: false }],
    ['resume ab12', { command: 'resume', id: 'ab12', tokenStdin: false, acceptChanged: false }],
    ['cancel ab12', { command: 'cancel', id: 'ab12', keepPartial: false }],
    ['cancel ab12 --keep-partial', { command: 'cancel', id: 'ab12', keepPartial: true }],
    ['list', { command: 'list' }],
    [
      'verify a/b',
      { command: 'verify', reference: 'a/b', quick: false, repair: false, againstSource: false },
    ],
    [
      'verify --quick a/b',
      { command: 'verify', reference: 'a/b', quick: true, repair: false, againstSource: false },
    ],
    [
      'verify a/b --repair',
      { command: 'verify', reference: 'a/b', quick: false, repair: true, againstSource: false },
    ],
    [
      'verify a/b --revision v1',
      {
        command: 'verify',
        reference: 'a/b',
        revision: 'v1',
        quick: false,
        repair: false,
        againstSource: false,
      },
    ],
    ['remove a/b', { command: 'remove', references: ['a/b'] }],
    ['remove a/b c/d', { command: 'remove', references: ['a/b', 'c/d'] }],
    ['outdated', { command: 'outdated' }],
    ['update a/b', { command: 'update', reference: 'a/b', tokenStdin: false, acceptChanged: false }],
    ['prune --dry-run', { command: 'prune', dryRun: true }],
    ['path a/b --revision main', { command: 'path', reference: 'a/b', revision: 'main' }],
    ['doctor', { command: 'doctor' }],
    ['download moshi', DOWNLOAD],
  ])('reads "%s"', (line, expected) => {
    expect(invocation(line)).toEqual(expected);
  });

  it.each([
    ['--variant q4', { variant: 'q4' }],
    ['--variant BF16', { variant: 'bf16' }],
    ['--revision v2', { revision: 'v2' }],
    ['--include *.json --include *.txt', { include: ['*.json', '*.txt'] }],
    ['--exclude *.bin', { exclude: ['*.bin'] }],
    ['--profile very-weak', { profile: 'very-weak' }],
    ['--workers 1', { workers: 1 }],
    ['--workers 64', { workers: 64 }],
    ['--chunk-size 50MiB', { chunkSizeBytes: 52_428_800 }],
    ['--chunk-size 1GiB', { chunkSizeBytes: 2 ** 30 }],
    ['--limit 5MB/s', { limitBytesPerSecond: 5_000_000 }],
    ['--from a/w.bin=/tmp/p', { from: { 'a/w.bin': '/tmp/p' } }],
    ['--from a=p=q --from b=r', { from: { a: 'p=q', b: 'r' } }],
    ['--token-stdin', { tokenStdin: true }],
    ['--accept-changed', { acceptChanged: true }],
    ['--dry-run', { dryRun: true }],
    ['--give-up-after 30', { giveUpAfterMs: 30_000 }],
    ['--give-up-after 0.5', { giveUpAfterMs: 500 }],
    ['--wait', { wait: true }],
    ['--type model', {}],
  ])('reads download %s', (flags, expected) => {
    expect(invocation(`download moshi ${flags}`)).toEqual({ ...DOWNLOAD, ...expected });
    expect(invocation(`download ${flags} moshi`)).toEqual({ ...DOWNLOAD, ...expected });
  });

  it('keeps a file name that is also a word of the language as a plain key', () => {
    expect(invocation('download moshi --from __proto__=p')).toMatchObject({
      from: Object.fromEntries([['__proto__', 'p']]),
    });
  });

  it('reads named files behind the reference', () => {
    expect(invocation('download org/name config.json sub/a.bin')).toMatchObject({
      reference: 'org/name',
      files: ['config.json', 'sub/a.bin'],
    });
  });

  it('accepts limits for one run with resume', () => {
    expect(invocation('resume --limit 1MB/s --give-up-after 5 --accept-changed --token-stdin')).toEqual({
      command: 'resume',
      limitBytesPerSecond: 1_000_000,
      giveUpAfterMs: 5000,
      tokenStdin: true,
      acceptChanged: true,
    });
  });

  it.each([
    'list --json --quiet --verbose --cache-dir c --data-dir d --endpoint http://h --catalog f',
    '--json --quiet --verbose --cache-dir c --data-dir d --endpoint http://h --catalog f list',
    '--cache-dir c --json list --data-dir d --endpoint http://h --quiet --catalog f --verbose',
  ])('accepts global options before and after the command: %s', (line) => {
    expect(parse(line)).toMatchObject({
      kind: 'run',
      global: {
        json: true,
        quiet: true,
        verbose: true,
        cacheDir: 'c',
        dataDir: 'd',
        endpoint: 'http://h',
        catalog: 'f',
      },
    });
  });

  it('prints the version alone on a line', () => {
    expect(parse('--version')).toEqual({ kind: 'print', text: '1.2.3\n' });
  });

  it.each(['--help', 'help', 'download --help', 'help download'])('prints help for "%s"', (line) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: haulyard') });
  });

  it('names every command in the help', () => {
    const parsed = parse('--help');
    const text = parsed.kind === 'print' ? parsed.text : '';
    const names = 'catalog hardware download status resume cancel list verify remove path doctor'.split(' ');
    for (const name of names) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([
    [[], /command is missing/],
    [['frobnicate'], /unknown command 'frobnicate'/i],
    [['downlod', 'x'], /did you mean download\?/i],
    [['list', '--frob'], /unknown option '--frob'/i],
    [['list', 'extra'], /too many arguments/i],
    [['download'], /missing required argument 'ref'/i],
    [['download', ''], /REF .*must not be empty/],
    [['download', 'x'.repeat(2001)], /at most 2000 characters/],
    [['download', 'a', '--type', 'dataset'], /needs a repository/],
    [['download', 'a/b', '--repo-type', 'kernel'], /one of model, dataset, space/],
    [['download', 'a', '--local-dir', ' '], /must not be empty/],
    [['download', 'a', '--variant', 'q5'], /auto, bf16, q8, q4/],
    [['download', 'a', '--profile', 'slow'], /auto, fast, weak, very-weak/],
    [['download', 'a', '--workers', '0'], /from 1 to 64/],
    [['download', 'a', '--workers', '65'], /from 1 to 64/],
    [['download', 'a', '--workers', '2.5'], /from 1 to 64/],
    [['download', 'a', '--workers=-1'], /from 1 to 64/],
    [['download', 'a', '--chunk-size', '10'], /unit is missing/],
    [['download', 'a', '--chunk-size', '2GiB'], /from 1MiB to 1GiB/],
    [['download', 'a', '--chunk-size', 'big'], /from 1MiB to 1GiB/],
    [['download', 'a', '--limit', '0'], /above 0/],
    [['download', 'a', '--limit', '5'], /unit is missing\. Did you mean 5MB\/s/],
    [['resume', '--limit', '1.5/s'], /unit is missing\. Did you mean 1\.5MB\/s/],
    [['download', 'a', '--chunk-size', '50'], /unit is missing\. Did you mean 50MiB/],
    [['download', 'a', '--limit', 'fast'], /above 0/],
    [['download', 'a', '--give-up-after', '0'], /seconds above 0/],
    [['download', 'a', '--give-up-after', '5m'], /seconds above 0/],
    [['download', 'a', '--give-up-after', '999999'], /at most 604800/],
    [['download', 'a', '--from', 'x'], /path in the repository/],
    [['download', 'a', '--from', '=x'], /path in the repository/],
    [['download', 'a', '--from', 'x='], /path in the repository/],
    [['download', 'a', '--from', 'x=1', '--from', 'x=2'], /"x" twice/],
    [['download', 'a', '--include', ''], /--include .*must not be empty/],
    [['download', 'a', '--revision', ' '], /--revision .*must not be empty/],
    [['download', 'a', '--limit'], /argument missing/i],
    [['list', '--cache-dir', ''], /--cache-dir .*must not be empty/],
    [['cancel'], /missing required argument 'id'/i],
    [['cancel', '../x'], /haulyard status/],
    [['resume', 'a'.repeat(65)], /haulyard status/],
    [['hardware', '--assume', ''], /--assume .*must not be empty/],
  ])('refuses %j', (argv, message) => {
    const error = refusal(argv);
    expect(error.code).toBe('BadRequest');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.message).toMatch(/\.$/);
  });
});

describe('asksForJson', () => {
  it('sees --json in a line that cannot be read', () => {
    expect(asksForJson(['downlod', '--json'])).toBe(true);
  });

  it('does not take an argument behind -- for the option', () => {
    expect(asksForJson(['download', '--', '--json'])).toBe(false);
  });
});
