import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../testing/samples.ts';
import {
  addOrder,
  exactPattern,
  type PlanChoice,
  patternsIn,
  planQuestion,
  planTotals,
} from './plan-choice.ts';

const choice = (change: Partial<PlanChoice> = {}): PlanChoice => ({
  reference: 'org/name',
  variant: null,
  revision: null,
  include: '',
  exclude: '',
  profile: null,
  unticked: new Set(),
  acceptChanged: false,
  ...change,
});
const plan = samplePlan();

it('patterns are separated by commas, and empty ones are none', () => {
  expect(patternsIn(' *.json, docs/ ,,')).toEqual(['*.json', 'docs/']);
});

it.each([
  ['model.safetensors', '/model.safetensors'],
  ['a/[x] *.bin', '/a/\\[x\\] \\*.bin'],
])('the exact pattern of %s is %s', (path, pattern) => {
  expect(exactPattern(path)).toBe(pattern);
});

describe('the order', () => {
  it('leaves files without a tick out by name', () => {
    const order = addOrder(choice({ exclude: '*.md', unticked: new Set(['config.json']) }), plan);
    expect(order.exclude).toEqual(['*.md', '/config.json']);
  });

  it('forgets ticks of files that a filter took out of the list', () => {
    expect(addOrder(choice({ unticked: new Set(['gone.bin']) }), plan).exclude).toEqual([]);
  });

  it('leaves the profile to the settings unless one was chosen', () => {
    expect(addOrder(choice(), plan)).not.toHaveProperty('profile');
    expect(addOrder(choice({ profile: 'weak' }), plan)).toMatchObject({ profile: 'weak' });
  });
});

it('variant and revision of a link are asked for', () => {
  const link = { variant: 'q8', revision: 'v1' } as const;
  expect(planQuestion(choice(link))).toMatchObject(link);
  expect(addOrder(choice(link), plan)).toMatchObject(link);
});

it('the question for the plan keeps unticked files in the list', () => {
  expect(planQuestion(choice({ unticked: new Set(['config.json']) })).exclude).toEqual([]);
});

describe('the totals', () => {
  it('count the ticked files, and what of them is missing', () => {
    const totals = planTotals(plan, new Set(['config.json']));
    expect(totals).toMatchObject({ files: 2, totalBytes: 8_000_361_000, presentBytes: 361_000 });
    expect(totals.missingBytes).toBe(8_000_000_000);
  });

  it('count what is in a partial file, and a content with two paths once', () => {
    const [config, weights, rest] = plan.files;
    const part = { ...weights!, presentBytes: 3_000_000_000 };
    const totals = planTotals(
      { ...plan, files: [config!, part, { ...part, path: 'copy' }, rest!] },
      new Set(),
    );
    expect(totals.missingBytes).toBe(5_000_002_000);
    expect(totals.presentBytes + totals.missingBytes).toBe(totals.totalBytes);
  });

  it('report how much space is missing', () => {
    // The reserve stays free: the download would wait for it.
    expect(planTotals({ ...plan, freeBytes: 7_000_000_000 }, new Set()).lackingBytes).toBe(3_000_002_000);
    expect(planTotals(plan, new Set()).lackingBytes).toBe(0);
  });
});
