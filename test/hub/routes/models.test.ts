import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { llamaFamily } from '../fixtures/llama.ts';
import { madeUpModels } from '../fixtures/made-up.ts';
import { GATED, LOCAL_TOKENS, PRIVATE } from '../fixtures/odd.ts';
import { type Hub, startHub } from '../hub.ts';
import { type Answer, ask } from '../testing/ask.ts';

const LLAMA = 'mlx-community/Llama-3.2-1B-Instruct-4bit';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

let hub: Hub;
beforeAll(async () => {
  const repositories = [...madeUpModels(10_000), ...llamaFamily(1 / 10_000), PRIVATE, GATED];
  hub = await startHub({ repositories, tokens: LOCAL_TOKENS });
});
afterAll(() => hub.close());

const list = (query: string, question = {}) => ask(`${hub.url}/api/models?${query}`, question);
const rows = (answer: Answer): Array<Record<string, unknown>> => JSON.parse(answer.body.toString());
const ids = async (query: string, question = {}) => rows(await list(query, question)).map(({ id }) => id);

describe('the list of models', () => {
  it('has every word of the search in each id, whatever the case, and falls by downloads', async () => {
    const found = rows(await list('search=llama+1b&sort=downloads&expand=downloads&limit=50'));
    expect(found[0]).toEqual({
      _id: expect.any(String),
      id: 'meta-llama/Llama-3.2-1B-Instruct',
      downloads: 4_100_000,
    });
    expect(found.every(({ id }) => /llama/i.test(String(id)) && /1b/i.test(String(id)))).toBe(true);
    const downloads = found.map((row) => Number(row.downloads));
    expect(downloads).toEqual(downloads.toSorted((a, b) => b - a));
  });

  it('filters by tags, all of which must be there, by author, task, gating and parameters', async () => {
    expect(await ids('search=llama-3.2-1b-instruct-4bit&filter=mlx&filter=license:llama3.2')).toEqual([
      LLAMA,
    ]);
    expect(await ids('filter=mlx&filter=gguf')).toEqual([]);
    expect(await ids('author=meta-llama')).toEqual(['meta-llama/Llama-3.2-1B-Instruct']);
    expect(await ids('author=mlx-community&pipeline_tag=text-to-image')).toEqual([]);
    expect(await ids('author=meta-llama&gated=true')).toHaveLength(1);
    expect(await ids('author=meta-llama&gated=false')).toEqual([]);
    expect(await ids('author=bartowski&num_parameters=min:1B,max:2B')).toHaveLength(1);
    expect(await ids('author=bartowski&num_parameters=min:2B')).toEqual([]);
    expect(await ids(`filter=base_model:quantized:meta-llama/Llama-3.2-1B-Instruct`)).toHaveLength(3);
  });

  it('returns the fields in expand, and omits unknown ones', async () => {
    const [gguf] = rows(
      await list('author=bartowski&expand=gguf&expand=safetensors&expand=baseModels&expand=gated'),
    );
    expect(Object.keys(gguf!).sort()).toEqual(['_id', 'baseModels', 'gated', 'gguf', 'id']);
    expect(gguf).toMatchObject({
      gguf: { total: 1_235_814_400, architecture: 'llama', context_length: 131_072 },
      baseModels: { relation: 'quantized', models: [{ id: 'meta-llama/Llama-3.2-1B-Instruct' }] },
    });
  });

  it('is brief without expand, and longer with full', async () => {
    const [brief] = rows(await list('author=bartowski'));
    expect(brief).toMatchObject({ downloads: 180_000, private: false });
    expect(brief).not.toHaveProperty('siblings');
    const [full] = rows(await list('author=bartowski&full=True&cardData=True'));
    expect(full).toMatchObject({ gated: false, sha: expect.any(String), cardData: { license: 'llama3.2' } });
    expect(full?.siblings).toHaveLength(18);
  });

  it.each(['expand=nonsense', 'sort=beauty', 'limit=0', 'limit=many'])('refuses %s', async (query) => {
    const answer = await list(query);
    expect(answer.status).toBe(400);
    expect(hub.violations).toEqual([]);
  });

  it('is paged to its end by absolute links that keep the query, each model once', async () => {
    const seen: unknown[] = [];
    let pages = 0;
    let next: string | undefined = `${hub.url}/api/models?filter=gguf&limit=700`;
    while (next !== undefined) {
      const answer: Answer = await ask(next);
      seen.push(...rows(answer).map(({ id }) => id));
      pages += 1;
      next = /^<(http:\/\/127[^>]+limit=700[^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
    }
    expect(pages).toBe(Math.ceil(seen.length / 700));
    expect(new Set(seen).size).toBe(seen.length);
    expect(await ids('limit=5000')).toHaveLength(1000);
  });

  it('shows private models only to those who may see them, and nothing to a wrong token', async () => {
    expect(await ids('author=private-org')).toEqual([]);
    expect(await ids('author=private-org', bearer('hf_local_reader'))).toEqual([]);
    expect(await ids('author=private-org', bearer('hf_local_granted'))).toEqual([PRIVATE.id]);
    expect((await list('limit=1', bearer('hf_nobody'))).status).toBe(401);
  });
});

describe('the card', () => {
  it('is the git file, and of an LFS file its pointer', async () => {
    const card = await ask(`${hub.url}/${LLAMA}/raw/main/README.md`);
    expect(card.body.toString()).toMatch(/^---\nlicense: llama3.2\n/);
    expect(card.headers['x-repo-commit']).toMatch(/^[0-9a-f]{40}$/);
    const pointer = await ask(`${hub.url}/${LLAMA}/raw/main/model.safetensors`);
    expect(pointer.body.toString()).toMatch(/^version https:\/\/git-lfs/);
    expect((await ask(`${hub.url}/${LLAMA}/raw/main/CARD.md`)).headers['x-error-code']).toBe('EntryNotFound');
  });
});

describe('access to a gated model', () => {
  const check = (token: string) => ask(`${hub.url}/api/models/${GATED.id}/auth-check`, bearer(token));
  const words = async (token: string) => (await check(token)).headers['x-error-message'];

  it('goes from asking over waiting to an answer, in the words of the Hub', async () => {
    expect((await ask(`${hub.url}/api/models/${GATED.id}/auth-check`)).status).toBe(401);
    expect(await words('hf_local_reader')).toMatch(/not in the authorized list/);
    hub.askForAccess('hf_local_reader', GATED.id);
    expect(await words('hf_local_reader')).toMatch(/awaiting a review/);
    hub.decideAccess('hf_local_reader', GATED.id, 'rejected');
    expect(await words('hf_local_reader')).toMatch(/has been rejected/);
    hub.decideAccess('hf_local_reader', GATED.id, 'granted');
    expect((await check('hf_local_reader')).status).toBe(200);
    const head = { method: 'HEAD', ...bearer('hf_local_reader') };
    expect((await ask(`${hub.url}/${GATED.id}/resolve/main/config.json`, head)).status).toBe(307);
  });

  it('is granted at once where the model is gated automatically', async () => {
    const auto = { ...GATED, id: 'gated-org/auto', gated: 'auto' as const };
    hub.addRepository(auto);
    hub.askForAccess('hf_local_reader', auto.id);
    expect((await ask(`${hub.url}/api/models/${auto.id}/auth-check`, bearer('hf_local_reader'))).status).toBe(
      200,
    );
  });
});
