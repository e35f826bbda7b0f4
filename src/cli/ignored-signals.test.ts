import { describe, expect, it } from 'vitest';
import { ignoredSignals, type SignalSource } from './ignored-signals.ts';

function source(facts: { env?: Record<string, string>; session?: number; mask?: string } = {}): SignalSource {
  const { env = {}, session = 7, mask = '0000000000000000' } = facts;
  const files: Record<string, string> = {
    '/proc/42/stat': `42 (odd) name) S 1 42 ${session} 0`,
    '/proc/42/status': `Name:\tsh\nSigIgn:\t${mask}\nSigCgt:\t0000000000000000\n`,
  };
  return { env, platform: 'linux', parent: 42, readText: (path) => files[path] ?? '' };
}

describe('signals that the parent set to ignored', () => {
  it('are none as a rule', () => {
    expect([...ignoredSignals(source())]).toEqual([]);
  });

  it('are told by the first lines of the program', () => {
    expect([...ignoredSignals(source({ env: { HAULYARD_IGNORED: 'HUP INT' } }))]).toEqual([
      'SIGINT',
      'SIGHUP',
    ]);
  });

  it('are known by nohup', () => {
    expect([...ignoredSignals(source({ env: { _: '/usr/bin/nohup' } }))]).toEqual(['SIGHUP']);
    expect([...ignoredSignals(source({ env: { _: '/usr/bin/nohupper' } }))]).toEqual([]);
  });

  it('are those of a parent that is no shell of a terminal', () => {
    expect([...ignoredSignals(source({ mask: '0000000000000003' }))]).toEqual(['SIGINT', 'SIGHUP']);
    expect([...ignoredSignals(source({ mask: '0000000000004000' }))]).toEqual(['SIGTERM']);
    expect([...ignoredSignals(source({ mask: '0000000000004003', session: 42 }))]).toEqual([]);
  });
});
