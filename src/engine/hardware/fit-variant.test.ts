import { describe, expect, it } from 'vitest';
import type { Hardware } from '../../shared/model/hardware.ts';
import { COMFORT_BYTES, fitVariant, memoryFit } from './fit-variant.ts';
import { parseAssumption } from './parse-assumption.ts';

const q8 = { id: 'q8', neededBytes: 11e9, bytesPerStep: 8e9 } as const;

/** Moshi's frame rate. */
const REAL_TIME = { stepsPerSecond: 12.5 } as const;

const mac = (text: string): Hardware => ({ ...parseAssumption(text), assumed: false });

describe('memoryFit', () => {
  it.each([
    [11e9, 11e9 - 1, 'wont-fit'],
    [11e9, 11e9, 'tight'],
    [11e9, 11e9 + COMFORT_BYTES - 1, 'tight'],
    [11e9, 11e9 + COMFORT_BYTES, 'runs-well'],
  ])('needs %d of %d: %s', (needed, budget, fit) => {
    expect(memoryFit(needed, budget)).toBe(fit);
  });
});

describe('fitVariant', () => {
  it('runs well with room and bandwidth to spare', () => {
    expect(fitVariant(q8, REAL_TIME, mac('Apple M1 Max,32GB'))).toEqual({
      variant: 'q8',
      fit: 'runs-well',
      verdict: 'runs-well',
      neededBytes: 11e9,
      reasons: [
        'Needs 11.0 GB of memory; this Mac (32 GB) has 25.8 GB for models.',
        'To keep up it reads 100 GB/s of weights, within 280 GB/s (70 % of the 400 GB/s of Apple M1 Max).',
      ],
    });
  });

  it('is tight when little is left, and reports how much', () => {
    const { fit, reasons } = fitVariant(q8, REAL_TIME, mac('Apple M3 Pro,18GB'));
    expect(fit).toBe('tight');
    expect(reasons[0]).toBe(
      'Needs 11.0 GB of memory; this Mac (18 GB) has 14.5 GB for models. That leaves 3.5 GB for everything else; 4.0 GB would be comfortable.',
    );
  });

  it('may stutter when the chip is too slow, and reports by how much', () => {
    const { fit, reasons } = fitVariant(q8, REAL_TIME, mac('Apple M2,24GB'));
    expect(fit).toBe('may-stutter');
    expect(reasons[1]).toBe(
      'To keep up it reads 100 GB/s of weights, more than 70 GB/s (70 % of the 100 GB/s of Apple M2).',
    );
  });

  it('counts exactly 70 % of the bandwidth as fast enough', () => {
    const atLimit = { ...q8, bytesPerStep: 7e10 };
    const onM2 = { ...mac('Apple M2,24GB') };
    expect(fitVariant(atLimit, { stepsPerSecond: 1 }, onM2).fit).toBe('runs-well');
    expect(fitVariant({ ...atLimit, bytesPerStep: 7e10 + 1 }, { stepsPerSecond: 1 }, onM2).fit).toBe(
      'may-stutter',
    );
  });

  it('does not fit when memory is short, even where it would stutter too', () => {
    expect(fitVariant(q8, REAL_TIME, mac('Apple M2,8GB')).fit).toBe('wont-fit');
  });

  it('does not judge the speed of an unknown chip, and reports that', () => {
    const { verdict, reasons } = fitVariant(q8, REAL_TIME, mac('AMD Ryzen 9,64GB'));
    expect(verdict).toBe('fits');
    expect(reasons).toEqual([
      'Needs 11.0 GB of memory; this computer (64 GB) has 51.5 GB for models.',
      'To keep up it reads 100 GB/s of weights; the memory bandwidth of AMD Ryzen 9 isn’t known, so its speed wasn’t judged.',
    ]);
  });

  it('says that MLX needs Apple silicon, however much memory there is', () => {
    const mlx = { stepsPerSecond: null, runtime: 'mlx' } as const;
    const { verdict, reasons } = fitVariant(q8, mlx, mac('AMD Ryzen 9,64GB'));
    expect(verdict).toBe('needs-apple-silicon');
    expect(reasons[0]).toBe('Runs with MLX, which AMD Ryzen 9 can’t run.');
    expect(fitVariant(q8, mlx, mac('Apple M1 Max,32GB')).verdict).toBe('runs-well');
  });

  it('does not mention speed where it does not matter', () => {
    expect(
      fitVariant({ ...q8, bytesPerStep: null }, { stepsPerSecond: null }, mac('Apple M1,16GB')).reasons,
    ).toHaveLength(1);
  });

  it('does not call an assumed machine this Mac', () => {
    expect(fitVariant(q8, REAL_TIME, parseAssumption('Apple M1 Max,32GB')).reasons[0]).toBe(
      'Needs 11.0 GB of memory; a computer with 32 GB has 25.8 GB for models.',
    );
  });
});
