import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GATED, LOCAL_TOKENS, PRIVATE } from '../fixtures/odd.ts';
import { type Hub, startHub } from '../hub.ts';
import { ask } from '../testing/ask.ts';
import { SAMPLE } from '../testing/sample.ts';

let hub: Hub;
beforeAll(async () => {
  const off = { id: 'org/off', disabled: true, files: [] };
  hub = await startHub({ repositories: [SAMPLE, GATED, PRIVATE, off], tokens: LOCAL_TOKENS });
});
afterAll(() => hub.close());

const RESOLVE_GATED = '/gated-org/gated-model/resolve/main/model.safetensors';
const READER = 'hf_local_reader';
const GRANTED = 'hf_local_granted';

async function outcome(path: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { status, headers: answered, body } = await ask(hub.url + path, { headers });
  return {
    status,
    code: answered['x-error-code'],
    message: answered['x-error-message'],
    headers: answered,
    body,
  };
}

describe('errors of the Hub', () => {
  it.each([
    ['a missing repository, anonymous', '/api/models/no/such', undefined, 401, undefined],
    ['a missing repository, with a token', '/api/models/no/such', READER, 404, 'RepoNotFound'],
    ['a private repository, anonymous', '/api/models/private-org/private-model', undefined, 401, undefined],
    ['a private repository, no grant', '/api/models/private-org/private-model', READER, 404, 'RepoNotFound'],
    ['a private repository, granted', '/api/models/private-org/private-model', GRANTED, 200, undefined],
    ['a bad revision', '/api/models/org/sample/revision/nope', undefined, 404, 'RevisionNotFound'],
    ['a missing file', '/org/sample/resolve/main/nope.bin', undefined, 404, 'EntryNotFound'],
    ['gated metadata, anonymous', '/api/models/gated-org/gated-model', undefined, 200, undefined],
    ['a gated file, anonymous', RESOLVE_GATED, undefined, 401, 'GatedRepo'],
    ['a gated file, no grant', RESOLVE_GATED, READER, 403, 'GatedRepo'],
    ['a gated file, granted', RESOLVE_GATED, GRANTED, 302, undefined],
    ['an invalid token', '/api/models/org/sample', 'hf_wrong', 401, undefined],
  ])('%s', async (_case, path, token, status, code) => {
    expect(await outcome(path, token)).toMatchObject({ status, code });
  });

  it('report a missing file with its commit and a weak etag', async () => {
    const { headers, body } = await outcome('/org/sample/resolve/main/nope.bin');
    expect(body.toString()).toBe('Entry not found');
    expect(headers.etag).toMatch(/^W\//);
    expect(headers['x-repo-commit']).toMatch(/^[0-9a-f]{40}$/);
  });

  it('have their reason in X-Error-Message', async () => {
    expect((await outcome('/api/models/no/such')).message).toBe('Invalid username or password.');
    expect((await outcome('/api/models/org/sample/revision/nope')).message).toBe('Invalid rev id: nope');
    expect((await outcome('/api/models/org/sample', 'hf_wrong')).message).toMatch(/^Invalid credentials/);
    expect((await outcome('/api/models/org/off')).message).toBe('Access to this resource is disabled.');
    expect((await outcome(RESOLVE_GATED)).message).toMatch(
      /^Access to model gated-org\/gated-model is restricted/,
    );
  });

  it('ask for a login with a challenge', async () => {
    const { headers } = await outcome('/api/models/no/such');
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="Authentication required"/);
  });

  it('come with 429 once a quota is used up', async () => {
    await using limited = await startHub({
      repositories: [SAMPLE],
      rateLimits: { resolvers: { requests: 2, windowSeconds: 300 } },
    });
    const url = `${limited.url}/org/sample/resolve/main/config.json`;
    const statuses = [await ask(url), await ask(url), await ask(url)].map(({ status }) => status);
    expect(statuses).toEqual([307, 307, 429]);
    expect((await ask(url)).headers.ratelimit).toMatch(/;r=0;t=\d+$/);
    expect((await ask(`${limited.url}/api/models/org/sample`)).status).toBe(200);
  });
});

describe('whoami', () => {
  it('knows good tokens', async () => {
    expect((await outcome('/api/whoami-v2', READER)).status).toBe(200);
    expect((await outcome('/api/whoami-v2', 'hf_wrong')).status).toBe(401);
  });
});
