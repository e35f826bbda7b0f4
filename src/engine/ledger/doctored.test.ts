import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedgerReader } from './ledger.ts';
import { makeTestData, newDownload, type TestData } from './test-ledger.ts';

let data: TestData;
beforeEach(async () => {
  data = await makeTestData();
  const ledger = await data.open();
  ledger.downloads.add(newDownload('d1'));
  await ledger.close();
});
afterEach(() => data.remove());

const ENDLESS = '(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n)';

describe('a ledger that somebody doctored', () => {
  it.each([
    ['a trigger', 'CREATE TRIGGER t AFTER UPDATE ON downloads BEGIN DELETE FROM files; END'],
    ['a view beside the tables', 'CREATE VIEW v AS SELECT 1'],
    [
      'an endless view in the place of a table',
      `DROP TABLE hosts; CREATE VIEW hosts AS SELECT x AS host, 1 AS streams, 1 AS updated_at FROM ${ENDLESS}`,
    ],
    [
      'a column that is computed',
      'ALTER TABLE hosts ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(9))) VIRTUAL',
    ],
    [
      'a text of 3 MB where settings are',
      "INSERT INTO settings VALUES ('atOnce', replace(hex(zeroblob(1500000)), '00', '[['))",
    ],
    [
      'ranges without an end',
      "INSERT INTO blobs VALUES (1, '/x', 'y', 'sha256', 1, 1); INSERT INTO chunks VALUES (1, 0, replace(hex(zeroblob(1500000)), '00', '[['), NULL, 0, NULL)",
    ],
  ])('with %s is set aside, and its plain rows are carried over', async (_what, sql) => {
    data.raw((database) => database.exec(sql));
    expect(() => openLedgerReader(data.dataDir, Date.now)).toThrow(
      expect.objectContaining({ code: 'LedgerCorrupt' }),
    );
    const ledger = await data.open();
    expect(ledger.replaced).not.toBeNull();
    expect(ledger.downloads.list().map(({ id }) => id)).toEqual(['d1']);
    expect(ledger.settings.get().atOnce).toBe(2);
    expect(data.logged.join()).toContain('set aside');
  });

  it('is not taken for one when it was written by an older version', async () => {
    expect((await data.open()).replaced).toBeNull();
  });
});
