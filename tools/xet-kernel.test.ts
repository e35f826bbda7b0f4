import { expect, it } from 'vitest';
import { assembleKernel, kernelIsCurrent } from './xet-kernel/module.ts';

it('the module in the repository is what its sources give', async () => {
  expect(await kernelIsCurrent()).toBe(true);
  expect((await assembleKernel()).length).toBeGreaterThan(1000);
});
