import { fileURLToPath } from 'node:url';
import { downloadFile, listModels } from '@huggingface/hub';
import { expect, it } from 'vitest';
import { llamaFamily } from '../../hub/fixtures/llama.ts';
import { madeUpModels } from '../../hub/fixtures/made-up.ts';
import { GATED } from '../../hub/fixtures/odd.ts';
import { openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { recordedText } from '../recorded.ts';

const LIST_MODELS = fileURLToPath(new URL('list_models.py', import.meta.url));
const MODELS = [...madeUpModels(10_000), ...llamaFamily(1 / 10_000), GATED];

judge('huggingface_hub, searching', ['python'], () => {
  it('all pages of ten thousand models are read, filters hold, and the requests are the recorded ones', async () => {
    await using judged = await openJudgeWorld(MODELS);
    const lines = (await judged.output('python', [LIST_MODELS, String(MODELS.length)])).trim().split('\n');
    expect(lines).toEqual([
      `${MODELS.length} meta-llama/Llama-3.2-1B-Instruct 4100000 manual 1235814400`,
      expect.stringMatching(/^1235814400 .*meta-llama\/Llama-3\.2-1B-Instruct/),
      '5',
      'GatedRepoError True',
      'read',
    ]);
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot(
      '../recorded/huggingface-hub-search.json',
    );
  });
});

judge('@huggingface/hub, searching', [], () => {
  it('pages of five hundred are followed to the end, and a card is read', async () => {
    await using judged = await openJudgeWorld(MODELS);
    const names = new Set<string>();
    const fields = ['library_name', 'tags'] as const;
    for await (const { name } of listModels({ hubUrl: judged.hub.url, additionalFields: [...fields] }))
      names.add(name);
    expect(names.size).toBe(MODELS.length);
    const card = await downloadFile({
      repo: 'mlx-community/Llama-3.2-1B-Instruct-4bit',
      path: 'README.md',
      raw: true,
      hubUrl: judged.hub.url,
    });
    expect(await card?.text()).toContain('# Llama 3.2 1B Instruct');
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot(
      '../recorded/huggingface-js-search.json',
    );
  });
});
