import { describe, expect, it } from 'vitest';
import { searchSchema } from '../../src/shared/contract/search-commands.ts';
import { groupModels } from '../../src/shared/model/group-models.ts';
import { tooManyRequests } from '../hub/faults/constructors.ts';
import { llamaFamily } from '../hub/fixtures/llama.ts';
import { madeUpModels } from '../hub/fixtures/made-up.ts';
import { GATED, LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { openWorld } from './harness.ts';

const FAMILY = llamaFamily(1 / 1000);
const BASE = 'meta-llama/Llama-3.2-1B-Instruct';
const FOUR_BIT = 'mlx-community/Llama-3.2-1B-Instruct-4bit';
const GGUF = 'bartowski/Llama-3.2-1B-Instruct-GGUF';
const query = (words: string, more = {}) => searchSchema.parse({ words, ...more });

describe('search', () => {
  it('finds, judges and groups models among ten thousand', async () => {
    await using world = await openWorld([...madeUpModels(10_000), ...FAMILY]);
    const engine = await world.open();
    const page = await engine.call('models.search', query('llama 1b'));
    expect(page).toMatchObject({ offline: false, cursor: expect.any(String) });
    expect(page.models).toHaveLength(50);
    expect(page.models[0]).toMatchObject({
      repo: BASE,
      gated: 'manual',
      parameters: 1_235_814_400,
      license: 'llama3.2',
    });
    const group = groupModels(page.models).find(({ base }) => base === BASE);
    expect(group?.variants.map(({ repo }) => repo).toSorted()).toEqual(
      [GGUF, BASE, FOUR_BIT, `${FOUR_BIT.slice(0, -4)}8bit`].toSorted(),
    );
    const next = await engine.call('models.search', query('llama 1b', { cursor: page.cursor }));
    const ids = [...page.models, ...next.models].map(({ repo }) => repo);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('knows what is installed: nothing, a part, or all', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    const here = async () =>
      (await engine.call('models.search', query('llama', { author: 'mlx-community' }))).models
        .filter(({ repo }) => repo === FOUR_BIT)
        .map((model) => model.here);
    expect(await here()).toEqual([null]);
    await engine.download({ reference: FOUR_BIT, include: ['config.json'] });
    expect(await here()).toEqual(['partly']);
    await engine.download({ reference: FOUR_BIT });
    expect(await here()).toEqual(['whole']);
  });

  it('without a network searches the library and earlier results, and reports that', async () => {
    await using world = await openWorld(FAMILY);
    const first = await world.open();
    await first.call('models.search', query('llama gguf'));
    await first.download({ reference: FOUR_BIT });
    await first.close();
    const asked = world.hub.requests.length;
    const offline = await world.open({ env: { HF_HUB_OFFLINE: '1' } });
    const page = await offline.call('models.search', query('llama'));
    expect(page).toMatchObject({ offline: true, cursor: null, offlineReason: expect.stringMatching(/\.$/) });
    expect(page.models.map(({ repo, here, downloads }) => [repo, here, downloads])).toEqual([
      [FOUR_BIT, 'whole', null],
      [GGUF, null, 180_000],
    ]);
    expect(world.hub.requests).toHaveLength(asked);
  });

  it('asks nothing for fewer than two characters', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    await expect(engine.call('models.search', query(' l '))).rejects.toMatchObject({ code: 'BadRequest' });
    expect(world.hub.requests).toEqual([]);
  });

  it('tells of too many requests as what it is, and downloads are not affected', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    world.hub.faults.add({ match: { path: /^\/api\/models$/ }, ...tooManyRequests(30) });
    await expect(engine.call('models.search', query('llama'))).rejects.toMatchObject({
      code: 'RateLimited',
      details: { retryAfterSeconds: 30 },
    });
    await engine.download({ reference: FOUR_BIT, include: ['config.json'] });
  });
});

describe('the card of a model', () => {
  it('has its facts and its README', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    const card = await engine.call('models.card', { reference: GGUF });
    expect(card).toMatchObject({
      model: { repo: GGUF, format: 'gguf', downloads: 180_000, here: null },
      readmeProblem: null,
      pageUrl: `${world.hub.url}/${GGUF}`,
    });
    expect(card.readme).toMatch(/^# Llama 3.2 1B Instruct/);
  });

  it('of a gated model has its facts, and explains how its README can be read', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    const card = await engine.call('models.card', { reference: BASE });
    expect(card).toMatchObject({
      model: { gated: 'manual' },
      readme: null,
      readmeProblem: expect.stringContaining('access'),
    });
  });
});

describe('the files to take', () => {
  it('of sixteen quantizations are one, with what goes with it', async () => {
    await using world = await openWorld(FAMILY);
    const engine = await world.open();
    const choice = await engine.call('models.files', { reference: GGUF });
    expect(choice.sets).toHaveLength(16);
    expect(choice.sets.find(({ id }) => id === choice.proposed)?.quality).toBeGreaterThan(90);
    expect(choice.companions).toEqual(['README.md']);
  });

  it('of a repository with its original files are those that programs load', async () => {
    await using world = await openWorld(FAMILY, { tokens: LOCAL_TOKENS });
    const engine = await world.open({ token: 'hf_local_granted' });
    const choice = await engine.call('models.files', { reference: BASE });
    expect(choice).toMatchObject({
      proposed: 'safetensors',
      leftOut: expect.stringContaining('1 other version'),
    });
    expect(choice.sets[0]?.suitability).toMatchObject({ estimated: false });
  });
});

describe('access to a gated model', () => {
  it('is reported from not requested to granted, with the name of the account', async () => {
    await using world = await openWorld([GATED], { tokens: LOCAL_TOKENS });
    const engine = await world.open();
    const access = () => engine.call('models.access', { reference: GATED.id });
    expect(await access()).toMatchObject({
      state: 'no-token',
      account: null,
      pageUrl: `${world.hub.url}/${GATED.id}`,
    });
    await engine.call('token.set', { token: 'hf_local_reader' });
    expect(await access()).toMatchObject({ state: 'none', account: 'reader' });
    world.hub.askForAccess('hf_local_reader', GATED.id);
    expect(await access()).toMatchObject({
      state: 'pending',
      message: expect.stringContaining('awaiting a review'),
    });
    world.hub.decideAccess('hf_local_reader', GATED.id, 'rejected');
    expect(await access()).toMatchObject({ state: 'rejected' });
    world.hub.decideAccess('hf_local_reader', GATED.id, 'granted');
    expect(await access()).toMatchObject({ state: 'granted' });
  });
});
