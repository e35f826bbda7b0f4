import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAll } from '../../hub/content/content.ts';
import { contentOf } from '../../hub/content/source.ts';
import { SMALL_PARAKEET, WEIGHTS } from '../../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from '../judge-world.ts';
import { judge, type Need } from '../judges.ts';
import { recordedShape } from '../recorded.ts';

const FILE = SMALL_PARAKEET.files!.find(({ path }) => path === WEIGHTS)!;
const PREFIX_BYTES = 2_000_000;
/** Arguments for a whole download into `weights`, and for one that resumes. */
const TOOLS: ReadonlyArray<readonly [Need, readonly string[], readonly string[]]> = [
  ['curl', ['-sSLf', '-o', 'weights'], ['-sSLf', '-C', '-', '-o', 'weights']],
  ['wget', ['-q', '-O', 'weights'], ['-q', '-c', '-O', 'weights']],
  // Four connections at once, each with a range of its own.
  ['aria2c', ['-q', '-x4', '-s4', '-k1M', '-o', 'weights'], ['-q', '-c', '-o', 'weights']],
];

const resolveUrl = ({ hub }: JudgeWorld, path: string) =>
  `${hub.url}/${SMALL_PARAKEET.id}/resolve/main/${path}`;

for (const [tool, whole, resumed] of TOOLS) {
  judge(tool, [tool], () => {
    it('a large file of our Hub arrives as it is, with the recorded requests', async () => {
      const conditions = { bytesPerSecond: 4_000_000 };
      await using judged = await openJudgeWorld([SMALL_PARAKEET], { conditions });
      await judged.output(tool, [...whole, resolveUrl(judged, WEIGHTS)]);
      await expectWeights(judged);
      await expect(recordedShape(judged.hub.requests)).toMatchFileSnapshot(`../recorded/${tool}.json`);
    });

    it('a download that was stopped goes on', async () => {
      await using judged = await openJudgeWorld([SMALL_PARAKEET]);
      const content = await readAll(contentOf(FILE));
      await writeFile(join(judged.root, 'weights'), content.subarray(0, PREFIX_BYTES));
      await judged.output(tool, [...resumed, resolveUrl(judged, WEIGHTS)]);
      await expectWeights(judged);
      const asked = judged.hub.requests.filter(({ origin }) => origin === 'cdn');
      // aria2c goes back to the beginning of its own piece.
      const starts = asked.map(({ range }) => range?.start ?? 0);
      expect(starts.some((start) => start > PREFIX_BYTES / 2 && start <= PREFIX_BYTES)).toBe(true);
    });

    it('a partial of it is adopted by Haulyard, and only the rest is fetched', async () => {
      await using judged = await openJudgeWorld([SMALL_PARAKEET]);
      await judged.output(tool, [...whole, resolveUrl(judged, WEIGHTS)]);
      const partial = join(judged.root, 'partial');
      await writeFile(partial, (await readFile(join(judged.root, 'weights'))).subarray(0, PREFIX_BYTES));
      const from = ['--from', `${WEIGHTS}=${partial}`, '--include', WEIGHTS];
      const printed = await judged.haulyard('download', SMALL_PARAKEET.id, ...from, '--json');
      const done = JSON.parse(printed.trim().split('\n').at(-1)!);
      expect(done).toMatchObject({ event: 'done', stats: { rescuedBytes: PREFIX_BYTES } });
    });
  });
}

async function expectWeights({ root }: JudgeWorld): Promise<void> {
  const arrived = await readFile(join(root, 'weights'));
  expect(arrived.equals(await readAll(contentOf(FILE)))).toBe(true);
}
