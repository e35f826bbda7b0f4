import { describe, expect, it } from 'vitest';
import { thisMachine } from './this-machine.ts';

describe('thisMachine', () => {
  it('is the one described by the environment', async () => {
    const hardware = await thisMachine({ HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' });
    expect(hardware).toMatchObject({ chip: 'Apple M3 Pro', memoryBytes: 18 * 2 ** 30, assumed: true });
  });

  it.each([{}, { HAULYARD_ASSUME_HARDWARE: ' ' }])('is the real one with %j', async (env) => {
    expect((await thisMachine(env)).assumed).toBe(false);
  });

  it('rejects an invalid description', async () => {
    const machine = thisMachine({ HAULYARD_ASSUME_HARDWARE: 'fast' });
    await expect(machine).rejects.toMatchObject({ code: 'BadRequest' });
  });
});
