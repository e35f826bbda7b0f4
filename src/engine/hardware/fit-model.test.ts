import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Catalog, catalogSchema } from '../../shared/model/catalog.ts';
import type { Fit, ModelFit } from '../../shared/model/hardware.ts';
import { fitModel, hardwareReport } from './fit-model.ts';
import { parseAssumption } from './parse-assumption.ts';

const file = join(import.meta.dirname, '../../../resources/catalog.json');
const catalog: Catalog = catalogSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

function fitOf(model: string, machine: string): ModelFit {
  const found = hardwareReport(catalog, parseAssumption(machine)).models.find((each) => each.model === model);
  return found!;
}

const verdicts = (model: string, machine: string) =>
  Object.fromEntries(fitOf(model, machine).variants.map(({ variant, fit }) => [variant, fit]));

const machines = (chips: string, ...gigabytes: number[]) =>
  chips.split(', ').flatMap((chip) => gigabytes.map((size) => `Apple ${chip},${size}GB`));

const Q4 = [
  ...machines('M2, M3, M4, M5, M1 Pro, M2 Pro', 16),
  ...machines('M3 Pro', 18),
  // Room for more, but the chip reads Q8 too slowly.
  ...machines('M2, M3', 24),
  ...machines('M4', 24, 32),
  // Nothing runs in time or fits: the lightest is the least bad.
  ...machines('M1', 8, 16),
  ...machines('M2, M3, M4', 8),
];
const Q8 = [
  ...machines('M5', 24, 32),
  ...machines('M4 Pro, M5 Pro', 24),
  ...machines('M1 Pro, M2 Pro', 32),
  ...machines('M3 Pro', 36),
];
const BF16 = [
  ...machines('M1 Max', 32, 64),
  ...machines('M2 Max', 32, 64, 96),
  ...machines('M3 Max', 36, 48, 64, 96, 128),
  ...machines('M4 Max', 36, 48, 64, 128),
  ...machines('M5 Max', 36, 48, 64, 128),
  ...machines('M1 Ultra, M2 Ultra', 64, 128),
  ...machines('M3 Ultra', 96, 256, 512),
  ...machines('M4 Pro', 48, 64),
  ...machines('M5 Pro', 48, 64),
];

describe('the pick for Moshi', () => {
  it.each([
    ...Q4.map((machine) => [machine, 'q4']),
    ...Q8.map((machine) => [machine, 'q8']),
    ...BF16.map((machine) => [machine, 'bf16']),
  ])('on %s is %s', (machine, variant) => {
    expect(fitOf('moshi', machine).recommended).toBe(variant);
    expect(fitOf('moshika', machine).recommended).toBe(variant);
  });

  it.each([...Q8, ...BF16, ...machines('M2, M3, M4, M5', 16), ...machines('M3 Pro', 18)])(
    'on %s runs well',
    (machine) => {
      const { recommended, variants } = fitOf('moshi', machine);
      expect(variants.find(({ variant }) => variant === recommended)?.fit).toBe('runs-well');
    },
  );
});

describe('the verdicts on Moshi', () => {
  it.each<readonly [string, Fit, Fit, Fit]>([
    // A slow chip never makes Won't fit sound better.
    ['Apple M1,8GB', 'wont-fit', 'wont-fit', 'wont-fit'],
    ['Apple M1,16GB', 'wont-fit', 'may-stutter', 'may-stutter'],
    ['Apple M2,8GB', 'wont-fit', 'wont-fit', 'wont-fit'],
    ['Apple M2,16GB', 'wont-fit', 'may-stutter', 'runs-well'],
    ['Apple M5,16GB', 'wont-fit', 'tight', 'runs-well'],
    ['Apple M3 Pro,18GB', 'wont-fit', 'tight', 'runs-well'],
    ['Apple M5,24GB', 'may-stutter', 'runs-well', 'runs-well'],
    ['Apple M4 Pro,24GB', 'tight', 'runs-well', 'runs-well'],
    ['Apple M3 Pro,36GB', 'may-stutter', 'runs-well', 'runs-well'],
    ['Apple M4 Pro,48GB', 'runs-well', 'runs-well', 'runs-well'],
    ['Intel Core i9,64GB', 'runs-well', 'runs-well', 'runs-well'],
    ['Intel Core i9,8GB', 'wont-fit', 'wont-fit', 'wont-fit'],
  ])('on %s are %s, %s, %s', (machine, bf16, q8, q4) => {
    expect(verdicts('moshi', machine)).toEqual({ bf16, q8, q4 });
  });

  it('are that it needs Apple silicon wherever MLX does not run', () => {
    for (const { verdict } of fitOf('moshi', 'Intel Core i9,64GB').variants) {
      expect(verdict).toBe('needs-apple-silicon');
    }
  });

  it('still tell the memory that is short when the chip is too slow for all', () => {
    const bf16 = fitOf('moshi', 'Apple M1,16GB').variants.find(({ variant }) => variant === 'bf16');
    expect(bf16?.reasons[0]).toBe('Needs 18.5 GB of memory; a computer with 16 GB has 12.9 GB for models.');
  });
});

describe('the pick for Parakeet', () => {
  it.each([...Q4, ...Q8, ...BF16, 'Intel Core i5,4GB'])('on %s is BF16', (machine) => {
    expect(fitOf('parakeet', machine).recommended).toBe('bf16');
    expect(fitOf('parakeet-v2', machine).recommended).toBe('bf16');
  });
});

describe('fitModel', () => {
  const variant = (id: 'bf16' | 'q8' | 'q4', gigabytes: number) => ({
    id,
    neededBytes: gigabytes * 1e9,
    bytesPerStep: null,
  });

  it('takes the best of the tight ones when none runs well, in whatever order they are listed', () => {
    const model = {
      id: 'm',
      stepsPerSecond: null,
      variants: [variant('q4', 10), variant('q8', 11), variant('bf16', 30)],
    };
    expect(fitModel(model, parseAssumption('Apple M3,16GB')).recommended).toBe('q8');
  });

  it('takes the lightest when nothing fits', () => {
    const model = { id: 'm', stepsPerSecond: null, variants: [variant('bf16', 90), variant('q8', 50)] };
    expect(fitModel(model, parseAssumption('Apple M3,16GB')).recommended).toBe('q8');
  });
});

describe('hardwareReport', () => {
  it('has the machine and every model of the catalog', () => {
    const report = hardwareReport(catalog, parseAssumption('Apple M3 Pro,18GB'));
    expect(report).toMatchObject({ chip: 'Apple M3 Pro', bandwidthGBps: 150, assumed: true });
    expect(report.models.map(({ model }) => model)).toEqual(catalog.models.map(({ id }) => id));
  });
});
