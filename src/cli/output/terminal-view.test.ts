import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VerifyingEvent } from '../../shared/contract/events.ts';
import { DOWNLOAD_STATES, type DownloadView } from '../../shared/model/download.ts';
import { downloadView, fileView } from '../testing/samples.ts';
import { displayWidth } from './display-width.ts';
import { EMPTY_MODEL, type ProgressModel, takeState } from './progress-model.ts';
import { renderView } from './terminal-view.ts';

const NOW = Date.parse('2025-01-01T00:00:00Z');
const take = (
  model: ProgressModel,
  downloads: readonly DownloadView[],
  verifying: Readonly<Record<string, VerifyingEvent>> = {},
) =>
  takeState(
    model,
    { downloads, verifying },
    { ids: new Set(downloads.map(({ id }) => id)), nameOf: () => 'Moshi BF16' },
    NOW,
  );
const modelOf = (...views: readonly DownloadView[]): ProgressModel => take(EMPTY_MODEL, views);
const frame = (over = {}) => ({ width: 110, rows: 20, color: false, nowMs: NOW, ...over });
const render = (view: Partial<DownloadView>, over = {}) =>
  renderView(modelOf(downloadView(view)), frame(over));

/** Two samples a second apart, so that the file has a speed. */
const moving = (width: number) => {
  const earlier = modelOf(downloadView({ files: [fileView({ receivedBytes: 6_200_000_000 })] }));
  return renderView(take(earlier, [downloadView()]), frame({ width }));
};

describe('renderView', () => {
  it('shows a headline with the numbers of the download', () => {
    expect(render({})[0]).toBe('Moshi BF16  Downloading · 6.30 of 15.38 GB · 40 % · 4.2 MB/s · 36 min left');
  });

  it('shows a line per file with bar, percent, speed, remaining time and chunks', () => {
    expect(moving(110)[1]).toMatch(
      /^model\.safetensors {2}█+▓+░+ {3}40 % {4}4\.2 MB\/s {5}36 min left {2}chunks 114\/294$/,
    );
  });

  it('shows at 40 columns the percent and the speed, and still a bar', () => {
    expect(moving(39)[1]).toMatch(/^model\S*…\S+ {2}█+▓*░+ {3}40 % {4}4\.2 MB\/s$/);
  });

  it('never shows 100 % before the file is verified', () => {
    const file = fileView({ receivedBytes: 15_375_697_208, verifiedBytes: 15_375_697_208, chunksDone: 294 });
    const lines = render({ files: [file], state: 'verifying', receivedBytes: 15_375_697_208 });
    expect(lines.join('\n')).toContain('99 %');
    expect(lines.join('\n')).not.toContain('100 %');
    expect(lines[1]).toMatch(/█▓/);
  });

  it('shows 100 % and verified once the file is installed', () => {
    const [, line] = render({ files: [fileView({ receivedBytes: 15_375_697_208, installed: true })] });
    expect(line).toMatch(/█ {2}100 % {2}verified/);
    expect(line).not.toMatch(/[▓░]/);
  });

  it.each([110, 39])('counts the seconds of a verification at width %i', (width) => {
    const d1: VerifyingEvent = {
      event: 'verifying',
      download: 'd1',
      seq: 1,
      time: '',
      path: 'model.safetensors',
      seconds: 12,
      hashedBytes: 6e9,
      totalBytes: 15e9,
    };
    const model = take(EMPTY_MODEL, [downloadView({ state: 'verifying' })], { d1 });
    expect(renderView(model, frame({ width }))[1]).toContain('verifying… 12 s');
  });

  it('shows what happened, what is safe and when it resumes', () => {
    const retryAt = '2025-01-01T00:00:08Z';
    const wait = {
      reason: 'network',
      code: 'Offline',
      trouble: 'connection-lost',
      host: 'hub.test',
      attempt: 3,
      retryAt,
    } as const;
    const waiting = { state: 'waiting', wait, retryAt, bytesPerSecond: 0 } as const;
    expect(render(waiting)[0]).toBe(
      'Moshi BF16: The connection to hub.test was lost. 6.30 GB is saved. Trying again in 8 s (try 3).',
    );
    expect(render(waiting, { nowMs: NOW + 5000 })[0]).toContain('Trying again in 3 s (try 3).');
    expect(render(waiting, { nowMs: NOW + 9000 })[0]).toContain('Trying again now (try 3).');
  });

  it.each([
    ['The disk is full.', 'The disk is full. 6.30 GB is saved.'],
    [null, 'Waiting. 6.30 GB is saved.'],
  ])('says of the reason %j what is safe, once', (reason, text) => {
    expect(render({ state: 'waiting', reason })[0]).toBe(`Moshi BF16: ${text}`);
  });

  it('does not claim that nothing is saved', () => {
    const reason = 'The Hub does not answer.';
    const lines = render({ state: 'waiting', reason, receivedBytes: 0, files: [] });
    expect(lines).toEqual(['Moshi BF16: The Hub does not answer.']);
  });

  it('breaks the sentence between words on a narrow terminal', () => {
    const lines = render(
      { state: 'waiting', reason: 'Connection lost.', retryAt: '2025-01-01T00:00:08Z', files: [] },
      { width: 39 },
    );
    expect(lines).toEqual(['Moshi BF16: Connection lost. 6.30 GB is', 'saved. Trying again in 8 s.']);
  });

  it('reports silence after three seconds', () => {
    const lines = render({ bytesPerSecond: 0, etaSeconds: null }, { nowMs: NOW + 12_000 });
    expect(lines[0]).toBe('Moshi BF16: No data for 12 s. 6.30 GB is saved.');
  });

  it('hides finished small files first when there are more files than lines', () => {
    const done = Array.from({ length: 6 }, (_, index) =>
      fileView({ path: `small-${index}.json`, size: 100, receivedBytes: 100, installed: true }),
    );
    const lines = render({ files: [...done, fileView()] }, { rows: 4 });
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).toContain('model.safetensors');
    expect(lines[3]).toBe('… 5 more files, 6 of 7 done');
  });

  it('uses no colours when they are not wanted', () => {
    expect(render({}).join('')).not.toContain('\u001b');
    expect(render({}, { color: true }).join('')).toContain('\u001b[32m');
  });

  it('lets no escape sequence of a file name or reason through', () => {
    const text = render({ files: [fileView({ path: 'a\u001b[2J' })] }).join('');
    const reason = render({ state: 'waiting', reason: 'x\u001b[2J' }).join('');
    expect(text + reason).not.toContain('\u001b');
  });

  it('fits every terminal: no line too wide, no line too many', () => {
    const file = fc.record({
      path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      size: fc.integer({ min: 0, max: 1e12 }),
      receivedBytes: fc.integer({ min: 0, max: 1e12 }),
      verifiedBytes: fc.integer({ min: 0, max: 1e12 }),
      installed: fc.boolean(),
    });
    const view = fc.record({
      state: fc.constantFrom(...DOWNLOAD_STATES),
      reason: fc.option(fc.string({ maxLength: 300 })),
      receivedBytes: fc.integer({ min: 0, max: 1e12 }),
      bytesPerSecond: fc.integer({ min: 0, max: 1e10 }),
      etaSeconds: fc.option(fc.integer({ min: 0, max: 1e7 })),
      files: fc.array(file.map(fileView), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(view.map(downloadView), { minLength: 1, maxLength: 1 }),
        fc.integer({ min: 10, max: 160 }),
        fc.integer({ min: 1, max: 12 }),
        (views, width, rows) => {
          const lines = renderView(modelOf(...views), frame({ width, rows }));
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
