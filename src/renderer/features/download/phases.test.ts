import { describe, expect, it } from 'vitest';
import type { DownloadState } from '../../../shared/model/download.ts';
import { phaseOf, phaseStanding } from './phases.ts';

const at = (state: DownloadState, receivedBytes = 50, totalBytes = 100) =>
  phaseOf({ state, receivedBytes, totalBytes });

describe('phaseOf', () => {
  it('follows the states', () => {
    expect(at('resolving', 0, 0)).toBe('checking');
    expect(at('downloading')).toBe('downloading');
    expect(at('verifying', 100)).toBe('verifying');
    expect(at('repairing', 100)).toBe('verifying');
    expect(at('installing', 100)).toBe('installing');
    expect(at('ready', 100)).toBeNull();
  });

  it.each(['paused', 'waiting', 'failed', 'queued'] as const)('stays where it was while %s', (state) => {
    expect(at(state, 0, 0)).toBe('checking');
    expect(at(state, 50)).toBe('downloading');
    expect(at(state, 100)).toBe('verifying');
  });
});

describe('phaseStanding', () => {
  it('puts each phase behind, at, or ahead of the present one', () => {
    expect(phaseStanding('checking', 'downloading')).toBe('past');
    expect(phaseStanding('downloading', 'downloading')).toBe('now');
    expect(phaseStanding('installing', 'downloading')).toBe('ahead');
  });

  it('has every phase behind it when it is through', () => {
    expect(phaseStanding('installing', null)).toBe('past');
  });
});
