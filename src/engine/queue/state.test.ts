import { describe, expect, it } from 'vitest';
import { DOWNLOAD_STATES, type DownloadState } from '../../shared/model/download.ts';
import { ACTIVE_STATES, mayFollow } from './state.ts';

/** For each state, those that may follow: the life-cycle diagram, written down a second time. */
const FOLLOWERS: Readonly<Record<DownloadState, readonly DownloadState[]>> = {
  queued: ['resolving', 'waiting', 'paused', 'failed'],
  resolving: ['downloading', 'verifying', 'installing', 'ready', 'queued', 'waiting', 'paused', 'failed'],
  downloading: [
    'resolving',
    'verifying',
    'installing',
    'repairing',
    'ready',
    'queued',
    'waiting',
    'paused',
    'failed',
  ],
  verifying: [
    'resolving',
    'downloading',
    'installing',
    'repairing',
    'ready',
    'queued',
    'waiting',
    'paused',
    'failed',
  ],
  installing: [
    'resolving',
    'downloading',
    'verifying',
    'repairing',
    'ready',
    'queued',
    'waiting',
    'paused',
    'failed',
  ],
  repairing: [
    'resolving',
    'downloading',
    'verifying',
    'installing',
    'ready',
    'queued',
    'waiting',
    'paused',
    'failed',
  ],
  waiting: [
    'resolving',
    'downloading',
    'verifying',
    'installing',
    'repairing',
    'ready',
    'queued',
    'paused',
    'failed',
  ],
  paused: ['queued'],
  failed: ['queued', 'paused'],
  ready: ['queued', 'verifying', 'repairing'],
};

describe('mayFollow', () => {
  const pairs = DOWNLOAD_STATES.flatMap((from) => DOWNLOAD_STATES.map((to) => [from, to] as const));

  it.each(pairs)('judges the step from %s to %s', (from, to) => {
    expect(mayFollow(from, to)).toBe(from === to || FOLLOWERS[from].includes(to));
  });
});

describe('ACTIVE_STATES', () => {
  it('are all but those that only the user ends', () => {
    const idle = DOWNLOAD_STATES.filter((state) => !ACTIVE_STATES.has(state));
    expect(idle).toEqual(['ready', 'paused', 'failed']);
  });
});
