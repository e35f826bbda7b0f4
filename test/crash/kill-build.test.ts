import { expect, it } from 'vitest';
import { killBuilds } from './kill-build.ts';

// `node test/crash/kill-build.ts 50` kills as often as anybody has patience for.
it('a build that is killed at random moments ends with the bytes of an undisturbed one', async () => {
  const { undisturbed, killed, kills } = await killBuilds(4, 7);
  expect(kills).toBe(4);
  expect(killed).toBe(undisturbed);
}, 180_000);
