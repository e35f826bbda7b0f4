import { describe, expect, it } from 'vitest';
import { openCliWorld } from './cli-world.ts';
import { expectRightFiles } from './on-disk.ts';
import { weights } from './repositories.ts';

/** Small ones, as most repositories have many of, and some of several chunks. */
const MANY = {
  id: 'org/many',
  files: Array.from({ length: 200 }, (_, index) =>
    weights(`part-${index}.safetensors`, index % 20 === 0 ? 3_000_000 : 4000),
  ),
};

describe.skipIf(process.platform === 'win32')('a program that may open few files', () => {
  it.each([100, 50])('brings 200 of them all the same (ulimit -n %i)', async (limit) => {
    await using world = await openCliWorld([MANY]);
    const { code, stdout, stderr } = await world.run(['download', MANY.id, '--quiet'], {
      through: '/bin/sh',
      nodeOptions: ['-c', `ulimit -n ${limit} && exec "$0" "$@"`, process.execPath],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expectRightFiles(stdout.trim(), MANY.files);
  });
});
