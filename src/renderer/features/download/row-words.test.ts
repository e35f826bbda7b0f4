import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../shared/contract/errors.ts';
import type { VerifyingEvent } from '../../../shared/contract/events.ts';
import { DOWNLOAD_STATES, type DownloadView } from '../../../shared/model/download.ts';
import type { Activity } from '../../stores/activity.ts';
import { sampleDownload } from '../../testing/sample-download.ts';
import { rowWords } from './row-words.ts';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const say = (over: Partial<DownloadView>, seen: { activity?: Activity; verifying?: VerifyingEvent } = {}) =>
  rowWords(sampleDownload(over), { nowMs: NOW, ...seen });
const failed = (code: (typeof ERROR_CODES)[number], details = {}) =>
  say({ state: 'failed', error: { code, message: 'The engine’s sentence.', retryable: false, details } });

describe('rowWords', () => {
  it('has words for every state', () => {
    for (const state of DOWNLOAD_STATES) expect(say({ state }).text).not.toBe('');
  });

  it('counts down to the next attempt after a lost connection, and says what is saved', () => {
    const reason = 'The connection to hub.test broke off. Nothing received so far is lost.';
    const row = say({ state: 'waiting', waitReason: 'network', retryAt: inSeconds(8), reason });
    expect(row.text).toBe('Connection lost. 6.3 GB is saved. Trying again in 8 s.');
    expect(row.action).toBe('try-now');
    expect(row.details).toBe(reason);
    expect(row.isTicking).toBe(true);
  });

  it('tells which attempt follows from the second one on', () => {
    const at = (attempt: number) =>
      say({
        state: 'waiting',
        waitReason: 'network',
        retryAt: inSeconds(8),
        reason: `Broken. (try ${attempt})`,
      }).text;
    expect(at(1)).toContain('Trying again in 8 s.');
    expect(at(7)).toContain('Trying again in 8 s (try 7).');
  });

  it('says “now” and not a negative time when the moment has come', () => {
    const row = say({ state: 'waiting', waitReason: 'network', retryAt: inSeconds(-3) });
    expect(row.text).toContain('Trying again now.');
  });

  it('does not claim that something is saved when nothing came yet', () => {
    const row = say({ state: 'waiting', waitReason: 'network', retryAt: inSeconds(8), receivedBytes: 0 });
    expect(row.text).toBe('Connection lost. Trying again in 8 s.');
  });

  it.each([
    'The certificate of hub.test is not trusted, so no connection was made.',
    'The network’s proxy did not let us through to hub.test. Check the proxy setting.',
    'hub.test answered with a web page instead of the file: this network probably wants a sign-in (captive portal).',
  ])('names a trouble that a person can mend: %s', (sentence) => {
    const reason = `${sentence} Nothing received so far is lost. (try 2)`;
    const row = say({ state: 'waiting', waitReason: 'network', retryAt: inSeconds(5), reason });
    expect(row.text).toBe(`${sentence} 6.3 GB is saved. Trying again in 5 s (try 2).`);
  });

  it('tells of silence in seconds and what happens about it', () => {
    const row = say({ state: 'downloading', bytesPerSecond: 0, reason: 'No data for 12 s' });
    expect(row.text).toBe('No data for 12 s · reconnecting by itself');
    expect(row.tone).toBe('attention');
  });

  it('counts the silence of a stall on by its own clock, with attempt and countdown', () => {
    const activity: Activity = {
      receivedBytes: 1,
      lastByteAtMs: NOW - 12_400,
      retry: { attempt: 3, code: 'Stalled', message: 'No data from hub.test for 30 s.', dueAtMs: NOW + 4000 },
    };
    const reason = 'No data from hub.test for 30 s. (try 3)';
    const row = say({ state: 'waiting', waitReason: 'network', retryAt: inSeconds(4), reason }, { activity });
    expect(row.text).toBe('No data for 12 s · reconnecting in 4 s (try 3)');
  });

  it('tells the time until which the server wants to be left alone', () => {
    const row = say({ state: 'waiting', waitReason: 'rate-limit', retryAt: '2026-01-05T14:03:00' });
    expect(row.text).toBe('Rate-limited until 14:03. 6.3 GB is saved.');
  });

  it('tells how much room a full disk lacks', () => {
    const reason = 'The disk that holds /cache is too full: 3.1 GB more are needed, 1.2 GB are free.';
    expect(say({ state: 'waiting', waitReason: 'disk', reason }).text).toBe(
      'Disk full: 3.1 GB needed. 6.3 GB is saved. It goes on when there is room.',
    );
  });

  it('takes what is still to come for what a full disk lacks when the engine does not say', () => {
    expect(say({ state: 'waiting', waitReason: 'disk', reason: null }).text).toContain('9.1 GB needed');
  });

  it('says that a volume is missing and that it goes on when it is back', () => {
    const row = say({
      state: 'waiting',
      waitReason: 'volume',
      reason: 'The volume /Volumes/X is not connected.',
    });
    expect(row.text).toBe('The volume is not connected. 6.3 GB is saved. It goes on when it is back.');
  });

  it('shows the heartbeat while verifying', () => {
    const verifying = {
      seconds: 12,
      hashedBytes: 6_100_000_000,
      totalBytes: 15_375_000_000,
    } as VerifyingEvent;
    expect(say({ state: 'verifying' }, { verifying }).text).toBe('verifying… 12 s · 6.1 of 15.4 GB');
  });

  it.each([
    ['Gated', 'enter-token'],
    ['AuthRequired', 'enter-token'],
    ['ChangedUpstream', 'accept-change'],
    ['HashMismatch', 'try-again'],
    ['NotFound', 'remove'],
  ] as const)('offers for %s the one thing that helps: %s', (code, action) => {
    expect(failed(code).action).toBe(action);
  });

  it('has words, a button and what is safe for every code a download can end with', () => {
    for (const code of ERROR_CODES) {
      const row = failed(code);
      expect(row.text).toMatch(/6\.3 GB is saved\.$/);
      expect(row.text).not.toContain(code);
      expect(row.action).not.toBeNull();
    }
  });

  it('keeps errno, status and code for the details', () => {
    const row = failed('DiskPermission', { errno: 'EACCES' });
    expect(row.text).not.toContain('EACCES');
    expect(row.details).toBe('The engine’s sentence.\nDiskPermission · errno: EACCES');
  });
});
