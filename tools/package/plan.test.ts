import { describe, expect, it } from 'vitest';
import { type PackageInput, packagePlan } from './plan.ts';

const input = (changes: Partial<PackageInput> = {}): PackageInput => ({
  dirOnly: true,
  platform: 'linux',
  environment: {},
  dist: { folder: '/dist', version: '45.4.1' },
  wantedVersion: '45.4.1',
  ...changes,
});
const old = { folder: '/dist', version: '25.1.1' };

describe('packagePlan', () => {
  it('takes the Electron at hand when it is the right one', () => {
    expect(packagePlan(input({ dirOnly: false }))).toEqual({
      config: { electronDist: '/dist' },
      warnings: [],
      unknownFuses: [],
    });
  });

  it('refuses to make installers of another Electron, and says what can be done', () => {
    expect(() => packagePlan(input({ dirOnly: false, dist: old }))).toThrow('--dir');
  });

  it('makes a folder of another Electron, and warns', () => {
    const plan = packagePlan(input({ dist: old }));
    expect(plan.config.electronVersion).toBe('25.1.1');
    expect(plan.unknownFuses).toEqual(['grantFileProtocolExtraPrivileges']);
    expect(plan.warnings).toEqual([expect.stringContaining('must not be given to anybody')]);
  });

  it('signs ad hoc on a Mac without a certificate', () => {
    const plan = packagePlan(input({ platform: 'darwin' }));
    expect(plan.config.mac).toEqual({ identity: '-', hardenedRuntime: false });
    expect(plan.warnings).toHaveLength(1);
    const signed = packagePlan(input({ platform: 'darwin', environment: { CSC_NAME: 'A Name' } }));
    expect(signed).toEqual({
      config: { electronDist: '/dist' },
      warnings: [],
      unknownFuses: [],
    });
  });

  it('lets an Electron for each processor be fetched for the installers of macOS', () => {
    expect(packagePlan(input({ platform: 'darwin', dirOnly: false })).config.electronDist).toBeUndefined();
  });
});
