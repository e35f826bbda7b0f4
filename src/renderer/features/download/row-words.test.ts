import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../shared/contract/errors.ts';
import type { VerifyingEvent } from '../../../shared/contract/events.ts';
import { DOWNLOAD_STATES, type DownloadView } from '../../../shared/model/download.ts';
import { TROUBLES, type Wait } from '../../../shared/model/wait.ts';
import type { Activity } from '../../stores/activity.ts';
import { sampleDownload } from '../../testing/sample-download.ts';
import type { Seen } from './row-text.ts';
import { rowWords } from './row-words.ts';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const say = (over: Partial<DownloadView>, seen: Partial<Seen> = {}) =>
  rowWords(sampleDownload(over), { nowMs: NOW, ...seen });
/** Bytes arrived in this session. */
const CAME: Activity = { receivedBytes: 1, lastByteAtMs: NOW - 1000, retry: null };
const waiting = (facts: Partial<Wait>, seen: Partial<Seen> = {}) =>
  say({ state: 'waiting', wait: { reason: 'network', code: 'Offline', ...facts } }, seen);
const failed = (code: (typeof ERROR_CODES)[number], details = {}) =>
  say({ state: 'failed', error: { code, message: 'The engine’s sentence.', retryable: false, details } });

describe('rowWords', () => {
  it('has words for every state', () => {
    for (const state of DOWNLOAD_STATES) expect(say({ state }).text).not.toBe('');
  });

  it('names the computer of the network that brings it, and how much it brought', () => {
    const hub = { kind: 'hub', host: 'cdn.test', bytesPerSecond: 1, bytes: 5e9 } as const;
    const peer = { kind: 'peer', host: '192.168.1.20:8900', bytesPerSecond: 1, bytes: 3.1e9 } as const;
    const from = (...sources: NonNullable<DownloadView['sources']>) =>
      say({ state: 'downloading', sources }).text;
    expect(from(hub, { ...peer, name: 'Studio' })).toBe('Downloading · 3.10 of 15.38 GB from Studio');
    expect(from(peer)).toContain('from 192.168.1.20:8900');
    expect(from(peer, { ...peer, host: '192.168.1.21:8900' })).toContain('6.20 of 15.38 GB from 2 computers');
    expect(from({ ...peer, bytes: 9e9 })).toContain('6.31 of 15.38 GB');
    expect(from(hub)).toBe('Downloading');
    expect(from({ ...peer, bytes: 0 })).toBe('Downloading');
  });

  it('counts down to the next attempt after a lost connection, and says what is saved', () => {
    const row = waiting({ trouble: 'connection-lost', retryAt: inSeconds(8) }, { activity: CAME });
    expect(row.text).toBe('Connection lost. 6.31 GB is saved. Trying again in 8 s.');
    expect(row.action).toBe('try-now');
    expect(row.isTicking).toBe(true);
  });

  it('does not speak of a lost connection where there never was one', () => {
    const facts = { host: 'hub.test', retryAt: inSeconds(8) };
    expect(waiting(facts).text).toBe('Can’t connect to hub.test. 6.31 GB is saved. Trying again in 8 s.');
    expect(waiting({ ...facts, trouble: 'name-not-found' }).text).toContain('Can’t find hub.test.');
    expect(waiting({ ...facts, trouble: 'connection-lost' }).text).not.toContain('Connection lost');
  });

  it('names what a person can fix even after bytes arrived', () => {
    const facts = { trouble: 'certificate', host: 'hub.test' } as const;
    expect(waiting(facts, { activity: CAME }).text).toMatch(/^The certificate of hub\.test isn’t trusted/);
    expect(waiting({ trouble: 'connection-refused' }, { activity: CAME }).text).toMatch(/^Connection lost\./);
  });

  it('tells which attempt follows from the second one on', () => {
    const at = (attempt: number) => waiting({ retryAt: inSeconds(8), attempt }).text;
    expect(at(1)).toContain('Trying again in 8 s.');
    expect(at(7)).toContain('Trying again in 8 s (try 7).');
  });

  it('says “now” and not a negative time when the moment has come', () => {
    expect(waiting({ retryAt: inSeconds(-3) }).text).toContain('Trying again now.');
  });

  it('does not claim that something is saved when nothing came yet', () => {
    const wait: Wait = { reason: 'network', code: 'Offline', trouble: 'no-network', retryAt: inSeconds(8) };
    const row = say({ state: 'waiting', wait, receivedBytes: 0 });
    expect(row.text).toBe('There is no network connection. Trying again in 8 s.');
  });

  it.each(TROUBLES)('has a sentence for %s', (trouble) => {
    expect(waiting({ trouble, host: 'hub.test' }).text).toMatch(/^\S.*[.] 6\.31 GB is saved\. /);
  });

  it('tells of silence in seconds and what happens about it', () => {
    const wait: Wait = { reason: 'network', code: 'Stalled', silentMs: 12_300 };
    const row = say({ state: 'downloading', bytesPerSecond: 0, wait });
    expect(row.text).toBe('No data for 12 s · reconnecting automatically');
    expect(row.tone).toBe('attention');
  });

  it('keeps counting the silence of a stall by its own clock, with attempt and countdown', () => {
    const activity: Activity = {
      receivedBytes: 1,
      lastByteAtMs: NOW - 12_400,
      retry: { attempt: 3, code: 'Stalled', message: 'hub.test stopped sending data.', dueAtMs: NOW + 4000 },
    };
    const facts = { code: 'Stalled', retryAt: inSeconds(4), attempt: 3, silentMs: 9000 } as const;
    expect(waiting(facts, { activity }).text).toBe('No data for 12 s · reconnecting in 4 s (try 3)');
  });

  it('tells the time until which the server wants to be left alone', () => {
    const row = waiting({ reason: 'rate-limit', code: 'RateLimited', retryAt: '2026-01-05T14:03:00' });
    expect(row.text).toBe('Rate-limited until 14:03. 6.31 GB is saved.');
  });

  it('tells how much is still to come and how much of that a full disk lacks', () => {
    const facts = { reason: 'disk', code: 'DiskFull', missingBytes: 3_100_000_000 } as const;
    expect(waiting(facts).text).toBe(
      'Not enough space: 9.07 GB still to download. Free up 3.1 GB. 6.31 GB is saved. The download resumes when there is enough space.',
    );
  });

  it('names the download that is bringing the same file', () => {
    const nameOf = (id: string) => (id === 'other' ? 'Moshi Q4' : null);
    const facts = { reason: 'same-file', download: 'other' } as const;
    const row = say({ state: 'waiting', wait: facts }, { nameOf });
    expect(row.text).toBe('Waiting for Moshi Q4, which is downloading the same file.');
    expect(row.action).toBeNull();
  });

  it('says that a disk is missing and that it resumes when it is back', () => {
    expect(waiting({ reason: 'volume', code: 'DiskMissing' }).text).toBe(
      'The disk isn’t connected. 6.31 GB is saved. The download resumes when the disk is back.',
    );
  });

  it('shows the heartbeat while verifying', () => {
    const verifying = {
      seconds: 12,
      hashedBytes: 6_100_000_000,
      totalBytes: 15_375_000_000,
    } as VerifyingEvent;
    expect(say({ state: 'verifying' }, { verifying }).text).toBe('verifying… 12 s · 6.10 of 15.38 GB');
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
      expect(row.text).toMatch(/6\.31 GB is saved\.$/);
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
