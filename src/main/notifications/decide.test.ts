import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { sampleBuild, sampleDownload, sampleState } from '../tray/sample-downloads.ts';
import { noticesBetween } from './decide.ts';

const named = () => 'Moshi BF16';
const going = sampleDownload();
const ENGINE = 'The engine’s own words.';
const failed = (code: ErrorCode, more: Partial<DownloadView> = {}) =>
  sampleDownload({
    state: 'failed',
    error: { code, message: ENGINE, retryable: false, details: {} },
    ...more,
  });
const waiting = (waitReason: DownloadView['waitReason'], missingBytes?: number) =>
  sampleDownload({
    state: 'waiting',
    waitReason,
    reason: ENGINE,
    wait:
      waitReason === null
        ? null
        : { reason: waitReason, ...(missingBytes === undefined ? {} : { missingBytes }) },
  });
const between = (before: DownloadView, after: DownloadView) =>
  noticesBetween(sampleState(before), sampleState(after), named);

describe('noticesBetween', () => {
  it('tells that a download is ready', () => {
    expect(between(going, sampleDownload({ state: 'ready' }))).toEqual([
      { id: 'one', kind: 'download', title: 'Moshi BF16 is ready', body: 'Every byte was verified.' },
    ]);
  });

  it('tells of a failure as the window does, and of what is saved', () => {
    const [notice] = between(going, failed('HashMismatch', { receivedBytes: 1 }));
    expect(notice).toMatchObject({
      title: 'Moshi BF16 stopped',
      body: 'The file doesn’t match its checksum, so it wasn’t installed. Your progress is saved.',
    });
    expect(between(going, failed('Gated', { receivedBytes: 0 }))[0]?.body).toBe(
      'This model is gated. Ask for access on its page first.',
    );
  });

  it.each([
    ['Gated', 'needs access'],
    ['AuthRequired', 'needs a token'],
    ['ChangedUpstream', 'changed on Hugging Face'],
  ] as const)('says for %s what it needs', (code, words) => {
    expect(between(going, failed(code))[0]?.title).toContain(words);
  });

  it('reports a full disk once, though the missing bytes change', () => {
    expect(between(going, waiting('disk', 3_100_000_000))[0]).toMatchObject({
      title: 'Moshi BF16 needs more space',
      body: 'Free up 3.1 GB, and the download resumes. Your progress is saved.',
    });
    expect(between(waiting('disk', 3_100_000_000), waiting('disk', 3_000_000_000))).toEqual([]);
  });

  it.each(['network', 'server', 'rate-limit'] as const)('keeps still about waiting for %s', (reason) => {
    expect(between(going, waiting(reason))).toEqual([]);
  });

  it.each(['paused', 'queued', 'resolving', 'verifying', 'installing', 'repairing'] as const)(
    'keeps still when a download is %s',
    (state) => {
      expect(between(going, sampleDownload({ state }))).toEqual([]);
    },
  );

  it('waits for the reason of a failure, and reports it once', () => {
    const untold = sampleDownload({ state: 'failed', error: null });
    expect(between(going, untold)).toEqual([]);
    expect(between(untold, failed('HashMismatch'))).toHaveLength(1);
  });

  it('reports again what happened again', () => {
    expect(between(failed('Gated'), going)).toEqual([]);
    expect(between(going, failed('Gated'))).toHaveLength(1);
  });

  it('reports when a failure turns into another', () => {
    expect(between(failed('AuthRequired'), failed('Gated'))).toHaveLength(1);
    expect(between(failed('Gated'), failed('Gated'))).toEqual([]);
  });

  it('ignores what was so when the app started', () => {
    expect(noticesBetween(null, sampleState(failed('Gated')), named)).toEqual([]);
  });

  it('tells of a download that failed as soon as it was added, not of one that was ready', () => {
    const none = sampleState();
    expect(noticesBetween(none, sampleState(failed('Gated')), named)).toHaveLength(1);
    expect(noticesBetween(none, sampleState(sampleDownload({ state: 'ready' })), named)).toEqual([]);
  });

  it('says nothing when the user took a download away', () => {
    expect(noticesBetween(sampleState(going), sampleState(), named)).toEqual([]);
    expect(between(going, failed('Cancelled'))).toEqual([]);
  });
});

describe('a build', () => {
  const making = sampleBuild();
  const states = (build: BuildView) => ({ ...sampleState(), builds: [build] });
  const noticesOf = (build: BuildView, before: BuildView = making) =>
    noticesBetween(states(before), states(build), () => 'Moshi Q4');

  it('is reported when it is ready', () => {
    expect(noticesOf(sampleBuild({ state: 'ready' }))).toEqual([
      {
        id: 'made',
        kind: 'build',
        title: 'Moshi Q4 is ready',
        body: 'Made on this computer. Every byte was verified.',
      },
    ]);
  });

  it('is reported when it fails, with its reason', () => {
    const [notice] = noticesOf(sampleBuild({ state: 'failed', reason: 'The BF16 is damaged.' }));
    expect(notice).toMatchObject({ title: 'Moshi Q4 stopped', body: 'The BF16 is damaged.' });
  });

  it.each([
    ['disk', 'needs more space'],
    ['volume', 'waiting for its disk'],
    ['source', 'waiting for the model it is made from'],
  ] as const)('is told once when it waits: %s', (waitReason, words) => {
    const waiting = sampleBuild({ state: 'waiting', waitReason, reason: '3 GB missing' });
    expect(noticesOf(waiting)[0]?.title).toContain(words);
    expect(noticesOf({ ...waiting, reason: '2 GB missing' }, waiting)).toEqual([]);
  });

  it('is no news in its other phases, and not when it was there already', () => {
    for (const state of ['queued', 'planning', 'verifying', 'installing', 'paused'] as const)
      expect(noticesOf(sampleBuild({ state }))).toEqual([]);
    expect(noticesBetween(sampleState(), states(sampleBuild({ state: 'ready' })), named)).toEqual([]);
  });
});
