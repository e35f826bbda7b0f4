import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskBudget } from './disk-budget.ts';
import { roomAt } from './disk-guard.ts';

let folder: string;
let usableBytes: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-budget-'));
  const { freeBytes, reserveBytes } = (await roomAt(folder))!;
  usableBytes = freeBytes - reserveBytes;
});
afterEach(() => rm(folder, { recursive: true }));

const full = expect.objectContaining({ code: 'DiskFull' });

describe('the budget of a volume', () => {
  it('does not grant two downloads the same room', async () => {
    const budget = new DiskBudget();
    await budget.claim('a', folder, () => usableBytes * 0.6);
    await expect(budget.claim('b', folder, () => usableBytes * 0.6)).rejects.toEqual(full);
  });

  it('grants it to the first request when both come at once', async () => {
    const budget = new DiskBudget();
    const claims = ['a', 'b'].map((id) => budget.claim(id, folder, () => usableBytes * 0.6));
    const outcomes = await Promise.allSettled(claims);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('needs no space any more for what is on disk by now', async () => {
    const budget = new DiskBudget();
    let remaining = usableBytes * 0.6;
    await budget.claim('a', folder, () => remaining);
    remaining = 0;
    await budget.claim('b', folder, () => usableBytes * 0.6);
  });

  it('has the room again when a claim is given back, and of a claim that did not fit', async () => {
    const budget = new DiskBudget();
    const giveBack = await budget.claim('a', folder, () => usableBytes * 0.6);
    await expect(budget.claim('b', folder, () => usableBytes * 0.6)).rejects.toEqual(full);
    await budget.claim('c', folder, () => usableBytes * 0.2);
    giveBack();
    await budget.claim('d', folder, () => usableBytes * 0.6);
  });

  it('counts what all others claimed for a download without a claim', async () => {
    const budget = new DiskBudget();
    await budget.claim('a', folder, () => usableBytes * 0.6);
    await expect(budget.requireRoom('b', folder, usableBytes * 0.6)).rejects.toEqual(full);
    await budget.requireRoom('b', folder, usableBytes * 0.2);
  });
});
