import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/commands.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { NO_COUNTERS } from './downloads.ts';
import { EVENTS_KEPT } from './events.ts';
import type { Ledger } from './ledger.ts';
import { makeTestData, newDownload, type TestData } from './test-ledger.ts';

let data: TestData;
let ledger: Ledger;
beforeEach(async () => {
  data = await makeTestData();
  ledger = await data.open();
});
afterEach(() => data.remove());

const SHA = 'a'.repeat(64);
const file = { path: 'x.bin', size: 5, hash: SHA, algorithm: 'sha256' } as const;
const blob = { folder: '/f', hash: SHA, algorithm: 'sha256', size: 100, chunkBytes: 10 } as const;
const row = { index: 3, received: [{ start: 30, end: 40 }], sha256: 'ab'.repeat(32), suspect: true };
const chunk = { ...row, checks: [{ start: 30, end: 40, crc: 0xffff_ffff }] };
const ids = () => ledger.downloads.list().map(({ id }) => id);

describe('downloads', () => {
  it('are queued in the order in which they were added', () => {
    for (const id of ['a', 'b', 'c']) ledger.downloads.add(newDownload(id));
    expect(ids()).toEqual(['a', 'b', 'c']);
    expect(ledger.downloads.get('b')).toEqual({
      ...newDownload('b'),
      ...NO_COUNTERS,
      position: 1,
      commit: null,
      state: 'queued',
      reason: null,
      error: null,
    });
  });

  it.each([
    ['a', 2, ['b', 'c', 'a']],
    ['c', 0, ['c', 'a', 'b']],
    ['b', 99, ['a', 'c', 'b']],
    ['b', 1, ['a', 'b', 'c']],
  ])('can be moved: %s to %d', (id, position, order) => {
    for (const each of ['a', 'b', 'c']) ledger.downloads.add(newDownload(each));
    ledger.downloads.move(id, position);
    expect(ids()).toEqual(order);
    expect(ledger.downloads.list().map((row) => row.position)).toEqual([0, 1, 2]);
  });

  it('keep state, reason, error, commit, options and counters', () => {
    ledger.downloads.add(newDownload('a'));
    const error = { code: 'Gated', message: 'm', retryable: false, details: { status: 403 } } as const;
    const options = { ...newDownload('a').options, workers: 3 };
    const counters = { ...NO_COUNTERS, retries: 2, downloadedBytes: 2 ** 40 };
    ledger.downloads.setState('a', 'failed', 'why', error, 5);
    ledger.downloads.setCommit('a', 'c'.repeat(40));
    ledger.downloads.setOptions('a', options);
    ledger.downloads.setCounters('a', counters);
    const expected = { state: 'failed', reason: 'why', error, commit: 'c'.repeat(40), options, ...counters };
    expect(ledger.downloads.get('a')).toMatchObject(expected);
  });

  it('take their files with them when they are forgotten', () => {
    ledger.downloads.add(newDownload('a'));
    ledger.files.replace('a', [file]);
    ledger.downloads.remove('a');
    ledger.downloads.add(newDownload('a'));
    expect(ledger.files.list('a')).toEqual([]);
  });
});

describe('files', () => {
  beforeEach(() => {
    ledger.downloads.add(newDownload('a'));
    ledger.files.replace('a', [
      file,
      { ...file, path: 'a.json', hash: 'b'.repeat(40), algorithm: 'git-sha1' },
    ]);
  });
  const damage = (column: string, value: unknown) =>
    data.raw((database) =>
      database.prepare(`UPDATE files SET ${column} = ? WHERE path = 'x.bin'`).run(value),
    );

  it('are listed by path, none of them installed at first', () => {
    expect(ledger.files.list('a').map(({ path, installed }) => [path, installed])).toEqual([
      ['a.json', false],
      ['x.bin', false],
    ]);
  });

  it('remember what is installed, until the list is replaced', () => {
    ledger.files.setInstalled('a', 'x.bin', true);
    expect(ledger.files.list('a').find(({ path }) => path === 'x.bin')?.installed).toBe(true);
    ledger.files.replace('a', [file]);
    expect(ledger.files.list('a')).toEqual([{ ...file, installed: false }]);
  });

  it.each<[string, unknown]>([
    ['hash', '../../../etc/passwd'],
    ['hash', 'A'.repeat(64)],
    ['hash', 'a'.repeat(40)],
    ['path', '../x'],
    ['path', '/etc/passwd'],
    ['path', 'a\u0000b'],
    ['size', 2 ** 60],
  ])('are no list at all when the %s of one is %j', (column, value) => {
    damage(column, value);
    expect(ledger.files.list('a')).toEqual([]);
  });
});

describe('blobs', () => {
  it('are made once', () => {
    const first = ledger.blobs.ensure(blob);
    expect(ledger.blobs.ensure({ ...blob, chunkBytes: 20 })).toEqual(first);
    expect(ledger.blobs.find('/f', SHA)).toEqual(first);
  });

  it.each([{ size: 99 }, { algorithm: 'git-sha1' as const }])(
    'are made anew without chunks for %j',
    (change) => {
      ledger.chunks.save(ledger.blobs.ensure(blob).id, [chunk]);
      const again = ledger.blobs.ensure({ ...blob, ...change });
      expect(ledger.chunks.list(again.id)).toEqual([]);
    },
  );

  it.each<[string, unknown]>([
    ['chunk_bytes', 1],
    ['size', 2 ** 60],
    ['algorithm', 'md5'],
  ])('count as unknown, and are made anew, when %s is %j', (column, value) => {
    ledger.blobs.ensure({ ...blob, size: 2_000_000, chunkBytes: 1_000_000 });
    data.raw((database) => database.prepare(`UPDATE blobs SET ${column} = ?`).run(value));
    expect(ledger.blobs.find('/f', SHA)).toBeNull();
    expect(ledger.blobs.ensure(blob)).toMatchObject(blob);
  });

  it('of one hash in two repositories are two', () => {
    expect(ledger.blobs.ensure({ ...blob, folder: '/g' }).id).not.toBe(ledger.blobs.ensure(blob).id);
  });

  it('keep the last verification', () => {
    const check = { identity: '1 2 3', hash: SHA, checkedAt: 5, ok: false };
    ledger.checks.save('/f/blobs/a', { ...check, checkedAt: 4 });
    ledger.checks.save('/f/blobs/a', check);
    ledger.checks.save('/f2/blobs/a', check);
    expect(ledger.checks.find('/f/blobs/a')).toEqual(check);
    ledger.checks.removeFolder('/f', '/');
    expect([ledger.checks.find('/f/blobs/a'), ledger.checks.find('/f2/blobs/a')]).toEqual([null, check]);
  });

  it('take their chunks with them when they are forgotten, one by one or by repository', () => {
    const { id } = ledger.blobs.ensure(blob);
    ledger.chunks.save(id, [chunk]);
    ledger.blobs.remove('/f', SHA);
    expect(ledger.chunks.list(id)).toEqual([]);
    const other = ledger.blobs.ensure(blob);
    ledger.chunks.save(other.id, [chunk]);
    ledger.blobs.removeFolder('/f');
    expect([ledger.blobs.find('/f', SHA), ledger.chunks.list(other.id)]).toEqual([null, []]);
  });
});

describe('chunks', () => {
  let id: number;
  beforeEach(() => {
    ({ id } = ledger.blobs.ensure(blob));
  });

  it('come back as they were saved, in the order of the file', () => {
    const open = {
      index: 1,
      received: [
        { start: 10, end: 12 },
        { start: 15, end: 17 },
      ],
      sha256: null,
      suspect: false,
      checks: [{ start: 15, end: 17, crc: 0 }],
    };
    ledger.chunks.save(id, [chunk, open]);
    expect(ledger.chunks.listChecked(id)).toEqual([open, chunk]);
    expect(ledger.chunks.list(id)[1]).toEqual(row);
  });

  it('are replaced by what is saved later', () => {
    ledger.chunks.save(id, [chunk]);
    ledger.chunks.save(id, [{ ...chunk, received: [], sha256: null }]);
    expect(ledger.chunks.listChecked(id)).toEqual([{ ...chunk, received: [], sha256: null }]);
  });

  it('can be forgotten', () => {
    ledger.chunks.save(id, [chunk]);
    ledger.chunks.clear(id);
    expect(ledger.chunks.list(id)).toEqual([]);
  });

  it.each([
    '',
    'null',
    '{}',
    '[1,2]',
    '[[1]]',
    '[[5,3]]',
    '[[5,5]]',
    '[[-1,5]]',
    '[[0,"5"]]',
    '[[0,1.5]]',
    '[[0,5],[3,9]]',
    '[[5,9],[0,3]]',
    '[[0,1e300]]',
  ])('whose ranges are %j are left out', (received) => {
    ledger.chunks.save(id, [chunk, { ...chunk, index: 4 }]);
    data.raw((database) => database.prepare('UPDATE chunks SET received = ? WHERE idx = 3').run(received));
    expect(ledger.chunks.list(id).map(({ index }) => index)).toEqual([4]);
  });
});

describe('checks of blocks', () => {
  const BLOCK = 1024 * 1024;
  const check = (start: number, end: number, crc = start % 1000) => ({ start, end, crc });
  const rowWith = (checks: readonly ReturnType<typeof check>[]) => ({ ...chunk, checks });
  let id: number;
  beforeEach(() => {
    ({ id } = ledger.blobs.ensure(blob));
  });

  it.each([
    ['none', []],
    ['a whole chunk', [check(0, BLOCK), check(BLOCK, 2 * BLOCK), check(2 * BLOCK, 2 * BLOCK + 7)]],
    [
      'parts with gaps',
      [check(5, 9), check(20, BLOCK), check(BLOCK, BLOCK + 1), check(3 * BLOCK, 3 * BLOCK + 5)],
    ],
    ['two parts of one block that touch', [check(5, 9), check(9, 12)]],
    ['far into a file', [check(2 ** 44, 2 ** 44 + 3)]],
  ])('come back as they were saved: %s', (_name, checks) => {
    ledger.chunks.save(id, [rowWith(checks)]);
    expect(ledger.chunks.listChecked(id)).toEqual([rowWith(checks)]);
  });

  it.each([
    '',
    '00',
    '00'.repeat(12),
    `${'00'.repeat(6)}${'ff'.repeat(6)}${'00'.repeat(8)}`,
    `${'00'.repeat(11)}05`,
  ])('say nothing when they are %s: the row stays', (hex) => {
    ledger.chunks.save(id, [chunk]);
    data.raw((database) => database.prepare('UPDATE chunks SET blocks = ?').run(Buffer.from(hex, 'hex')));
    expect(ledger.chunks.listChecked(id)).toEqual([rowWith([])]);
  });

  it('of a chunk of 50 MiB take 212 bytes', () => {
    const checks = Array.from({ length: 50 }, (_, index) => check(index * BLOCK, (index + 1) * BLOCK));
    ledger.chunks.save(id, [rowWith(checks)]);
    data.raw((database) =>
      expect(database.prepare('SELECT length(blocks) FROM chunks').pluck().get()).toBe(212),
    );
  });
});

describe('events', () => {
  const event = (seq: number, download = 'a'): EngineEvent => ({
    event: 'repaired',
    seq,
    time: '2026-01-02T03:04:05.000Z',
    download,
    path: 'x.bin',
    chunk: 1,
    bytes: 2,
  });

  it('are kept by download, oldest first', () => {
    for (const each of [event(1), event(2, 'b'), event(3)]) ledger.events.add(each);
    expect(ledger.events.list('a')).toEqual([event(1), event(3)]);
  });

  it(`are kept to the last ${EVENTS_KEPT} of each download`, () => {
    ledger.transaction(() => {
      ledger.events.add(event(1, 'b'));
      for (let seq = 1; seq <= EVENTS_KEPT + 3; seq += 1) ledger.events.add(event(seq));
    });
    const kept = ledger.events.list('a');
    expect([kept.length, kept.at(0)?.seq, kept.at(-1)?.seq]).toEqual([EVENTS_KEPT, 4, EVENTS_KEPT + 3]);
    expect(ledger.events.list('b')).toHaveLength(1);
  });

  it('can be forgotten', () => {
    ledger.events.add(event(1));
    ledger.events.clear('a');
    expect(ledger.events.list('a')).toEqual([]);
  });

  it.each(['{', 'null', '5', '{}', '{"event":"done","download":"b"}'])('that are %s are left out', (body) => {
    ledger.events.add(event(1));
    ledger.events.add(event(2));
    data.raw((database) => database.prepare('UPDATE events SET body = ? WHERE id = 1').run(body));
    expect(ledger.events.list('a')).toEqual([event(2)]);
  });
});

describe('settings', () => {
  it('begin with their defaults', () => {
    expect(ledger.settings.get()).toEqual(DEFAULT_SETTINGS);
  });

  it('keep what is set and leave the rest', () => {
    ledger.settings.set({ limitBytesPerSecond: 1000 });
    ledger.settings.set({ profile: 'weak' });
    expect(ledger.settings.get()).toEqual({
      ...DEFAULT_SETTINGS,
      limitBytesPerSecond: 1000,
      profile: 'weak',
    });
    ledger.settings.set({ limitBytesPerSecond: null });
    expect(ledger.settings.get().limitBytesPerSecond).toBeNull();
  });

  it.each(['{', '"seven"', '0', '99'])('fall back to the default where %s is stored', (value) => {
    ledger.settings.set({ atOnce: 5, profile: 'fast' });
    data.raw((database) => database.prepare("UPDATE settings SET value = ? WHERE key = 'atOnce'").run(value));
    expect(ledger.settings.get()).toEqual({ ...DEFAULT_SETTINGS, profile: 'fast' });
  });
});

describe('hosts', () => {
  it('remember the last number of streams', () => {
    expect(ledger.hosts.streams('cdn')).toBeNull();
    ledger.hosts.remember('cdn', 4, 1);
    ledger.hosts.remember('cdn', 6, 2);
    expect(ledger.hosts.streams('cdn')).toBe(6);
  });
});

describe('proofs of pieces', () => {
  const proof = { start: 0, end: 50, identity: 'i', method: 'terms', bad: [] } as const;
  const second = { ...proof, start: 50, end: 100, bad: [{ start: 60, end: 70 }] };

  it('are kept by piece, and follow what is given up', () => {
    const { id } = ledger.blobs.ensure(blob);
    ledger.proofs.save(id, [second, proof]);
    expect(ledger.proofs.list(id)).toEqual([proof, second]);
    ledger.proofs.removeRanges(id, [{ start: 10, end: 50 }]);
    expect(ledger.proofs.list(id)).toEqual([second]);
  });

  it('give way to later ones about the same bytes, also of other pieces', () => {
    const { id } = ledger.blobs.ensure(blob);
    ledger.proofs.save(id, [proof, second]);
    const other = { ...proof, start: 40, end: 80 };
    ledger.proofs.save(id, [other]);
    expect(ledger.proofs.list(id)).toEqual([other]);
  });

  it('are renewed together, and go with their blob', () => {
    const { id } = ledger.blobs.ensure(blob);
    ledger.proofs.save(id, [proof, second]);
    ledger.proofs.renew(id, 'later');
    expect(ledger.proofs.list(id).map(({ identity }) => identity)).toEqual(['later', 'later']);
    ledger.blobs.remove(blob.folder, blob.hash);
    expect(ledger.proofs.list(id)).toEqual([]);
  });

  it('that do not parse are left out', () => {
    const { id } = ledger.blobs.ensure(blob);
    ledger.proofs.save(id, [proof, second]);
    data.raw((database) => database.exec(`UPDATE piece_proofs SET bad = '[[9,3]]' WHERE start_byte = 0`));
    expect(ledger.proofs.list(id)).toEqual([second]);
  });
});
