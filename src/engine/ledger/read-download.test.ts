import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from './ledger.ts';
import { makeTestData, newDownload, type TestData } from './test-ledger.ts';

let data: TestData;
let ledger: Ledger;
beforeEach(async () => {
  data = await makeTestData();
  ledger = await data.open();
  ledger.downloads.add(newDownload('good'));
  ledger.downloads.add(newDownload('bad'));
  ledger.downloads.setState('bad', 'downloading', null, null, 1);
});
afterEach(() => data.remove());

/** Writes a value that this program would not write. */
const damage = (column: string, value: unknown): void =>
  data.raw((database) => {
    database.prepare(`UPDATE downloads SET ${column} = ? WHERE id = 'bad'`).run(value);
  });
const ids = () => ledger.downloads.list().map(({ id }) => id);

describe('readDownload', () => {
  it.each(['{', 'null', '[]', '{"reference":5}', '{"reference":"a/b","workers":-1}'])(
    'pauses a download whose options are %s',
    (options) => {
      damage('options', options);
      expect(ids()).toEqual(['good', 'bad']);
      expect(ledger.downloads.get('bad')).toMatchObject({
        state: 'paused',
        reason: expect.stringContaining('can’t be read'),
        options: { reference: 'org/model', include: [] },
      });
    },
  );

  it('lets a finished download stay finished when its options are unreadable', () => {
    ledger.downloads.setState('bad', 'ready', null, null, 1);
    damage('options', '{');
    expect(ledger.downloads.get('bad')?.state).toBe('ready');
  });

  it('pauses a download in a state that does not exist, with its options', () => {
    damage('state', 'exploding');
    expect(ledger.downloads.get('bad')).toMatchObject({
      state: 'paused',
      reason: expect.stringContaining('state can’t be read'),
      options: { include: ['*.bin'] },
    });
  });

  it.each(['{', '"text"', '{"code":"Nonsense","message":"m","retryable":true,"details":{}}'])(
    'forgets an error that is %s',
    (error) => {
      damage('error', error);
      expect(ledger.downloads.get('bad')).toMatchObject({ state: 'downloading', error: null });
    },
  );

  it.each<[string, unknown]>([
    ['repo', '../../etc'],
    ['repo', 'org/../model'],
    ['repo', ''],
    ['cache_dir', 'relative/folder'],
  ])('leaves a download with the %s %j out, and shows the others', (column, value) => {
    damage(column, value);
    expect(ids()).toEqual(['good']);
    expect(ledger.downloads.get('bad')).toBeNull();
  });

  it('keeps a repository of the time before organisations', () => {
    damage('repo', 'gpt2');
    expect(ledger.downloads.get('bad')?.repo).toBe('gpt2');
  });

  it('resolves a download anew whose commit is none', () => {
    damage('commit_hash', '../x');
    expect(ledger.downloads.get('bad')?.commit).toBeNull();
  });

  it('counts a negative number as nothing', () => {
    damage('wasted_bytes', -5);
    expect(ledger.downloads.get('bad')?.wastedBytes).toBe(0);
  });
});
