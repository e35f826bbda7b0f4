import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Hub, startHub } from './hub.ts';
import { ask, type Question } from './testing/ask.ts';
import { SAMPLE } from './testing/sample.ts';

const RESOLVE = '/org/sample/resolve/main/model.safetensors';
const FILE_INFO = 'application/vnd.xet-fileinfo+json, */*';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub({ repositories: [SAMPLE] });
});
afterEach(() => hub.close());

describe('a Hub that answers official clients alone', () => {
  it.each<[string, string, Question, RegExp]>([
    [
      'HEAD with a range on resolve',
      RESOLVE,
      { method: 'HEAD', headers: { range: 'bytes=0-0' } },
      /HEAD of resolve with a Range/,
    ],
    ['one byte of resolve', RESOLVE, { headers: { range: 'bytes=0-0' } }, /one byte of resolve/],
    ['DELETE', '/api/models/org/sample', { method: 'DELETE' }, /DELETE of info/],
    ['GET for paths-info', '/api/models/org/sample/paths-info/main', {}, /GET of paths-info/],
    ['an unknown query', '/api/models/org/sample/tree/main?depth=3', {}, /query depth/],
    [
      'a range of a list',
      '/api/models/org/sample',
      { headers: { range: 'bytes=0-9' } },
      /GET of info with a Range/,
    ],
    ['a password', '/api/models/org/sample', { headers: { authorization: 'Basic eDp5' } }, /no Bearer token/],
  ])('refuses %s and remembers it', async (_what, path, question, reason) => {
    const answer = await ask(`${hub.url}${path}`, question);
    expect(answer.status).toBe(400);
    expect(hub.violations).toMatchObject([{ reason: expect.stringMatching(reason) }]);
  });

  it('refuses HEAD of content', async () => {
    const resolved = await ask(`${hub.url}${RESOLVE}`, { method: 'HEAD' });
    expect((await ask(resolved.headers.location!, { method: 'HEAD' })).status).toBe(400);
    expect(hub.violations).toMatchObject([{ reason: expect.stringContaining('HEAD of content') }]);
  });

  it.each<[string, string, Question, number]>([
    ['HEAD of resolve', RESOLVE, { method: 'HEAD' }, 302],
    ['a part through resolve', RESOLVE, { headers: { range: 'bytes=10-19' } }, 302],
    [
      'the file information of @huggingface/hub',
      RESOLVE,
      { headers: { range: 'bytes=0-0', accept: FILE_INFO } },
      302,
    ],
    ['a page that is not there', '/nowhere', {}, 404],
  ])('answers %s', async (_what, path, question, status) => {
    expect((await ask(`${hub.url}${path}`, question)).status).toBe(status);
    expect(hub.violations).toEqual([]);
  });

  it('answers anything where a test says so', async () => {
    await using lenient = await startHub({ repositories: [SAMPLE], anyClient: true });
    const question = { method: 'HEAD', headers: { range: 'bytes=0-0' } };
    expect((await ask(`${lenient.url}${RESOLVE}`, question)).status).toBe(302);
    expect(lenient.violations).toEqual([]);
  });
});
