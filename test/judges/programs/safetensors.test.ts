import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';

const SCRIPT = fileURLToPath(new URL('small_model.py', import.meta.url));
const REPO = 'org/two-shards';

judge('safetensors', ['python'], () => {
  it('a model that the library wrote comes through Haulyard with every number as it was', async () => {
    await using judged = await openJudgeWorld([]);
    const made = join(judged.root, 'made');
    await mkdir(made);
    await judged.output('python', [SCRIPT, 'make', made]);
    const files = (await readdir(made)).map((path) => ({
      path,
      kind: 'disk' as const,
      file: join(made, path),
      lfs: path.endsWith('.safetensors'),
    }));
    judged.hub.addRepository({ id: REPO, files });
    await judged.haulyard('download', REPO, '--quiet');
    const offline = { HF_HUB_OFFLINE: '1' };
    expect(await judged.output('python', [SCRIPT, 'load', REPO], offline)).toBe(
      '4 tensors as they were made\n',
    );
  });
});
