import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeBridge, fail, succeed } from '../testing/fake-bridge.ts';
import { sampleFound, samplePage } from '../testing/sample-search.ts';
import { createSearchFeed, isReference } from './search-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function searching(answer: Parameters<typeof createFakeBridge>[0] = {}) {
  const fake = createFakeBridge({
    'models.search': () => succeed(samplePage([sampleFound('org/a')])),
    ...answer,
  });
  const feed = createSearchFeed(fake.bridge, Date.now);
  return { feed, fake, asked: () => fake.callsOf('models.search'), state: () => feed.store.getState() };
}

describe('type-ahead', () => {
  it('asks once, when the typing rests', async () => {
    const { feed, asked, state } = searching();
    for (const text of ['ll', 'lla', 'llam', 'llama']) {
      feed.type(text);
      await vi.advanceTimersByTimeAsync(299);
    }
    expect(asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toEqual([{ words: 'llama', sort: 'downloads', typing: true }]);
    expect(state()).toMatchObject({ isAsking: false, models: [{ repo: 'org/a' }] });
  });

  it('asks at once when Return is pressed, and not again for a space', async () => {
    const { feed, asked } = searching();
    feed.type('llama', true);
    feed.type('llama ');
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked()).toHaveLength(1);
  });

  it.each([
    '',
    'l',
    ' l ',
    'org/name',
    'https://huggingface.co/org/name',
    'hf download x',
    'ollama run x',
    'a:b',
  ])('asks nothing for %j', async (text) => {
    const { feed, asked } = searching();
    feed.type(text, true);
    feed.type(text);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked()).toEqual([]);
  });

  it('keeps silent for as long as the Hub asks, and then asks by itself', async () => {
    let limited = true;
    const { feed, asked, state } = searching({
      'models.search': () =>
        limited
          ? fail('RateLimited', 'Too many.', { retryAfterSeconds: 40 })
          : succeed(samplePage([sampleFound('org/a')])),
    });
    feed.type('llama', true);
    await vi.advanceTimersByTimeAsync(0);
    expect(state().askAgainAtMs).toBe(Date.now() + 40_000);
    limited = false;
    await vi.advanceTimersByTimeAsync(39_999);
    expect(asked()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toHaveLength(2);
    expect(state()).toMatchObject({ askAgainAtMs: null, error: null, models: [{ repo: 'org/a' }] });
  });
});

describe('further pages', () => {
  it('are added without known ones, and a list that repeats ends', async () => {
    const { feed, asked, state } = searching({
      'models.search': ({ cursor }) =>
        succeed(
          samplePage([sampleFound('org/a'), sampleFound(cursor === undefined ? 'org/b' : 'org/c')], {
            cursor: 'c',
          }),
        ),
    });
    feed.type('llama', true);
    await vi.advanceTimersByTimeAsync(0);
    for (let times = 0; times < 5; times += 1) {
      feed.more();
      feed.more();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(state().models?.map(({ repo }) => repo)).toEqual(['org/a', 'org/b', 'org/c']);
    expect(asked()).toHaveLength(3);
    expect(state().cursor).toBeNull();
  });
});

it.each<[string, boolean]>([
  ['llama 3.2 1b', false],
  ['what’s new', false],
  ['org/name', true],
  ['hf download org/name', true],
  ['"quoted', true],
])('%s names one model: %s', (text, expected) => {
  expect(isReference(text)).toBe(expected);
});
