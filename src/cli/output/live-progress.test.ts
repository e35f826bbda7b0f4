import { describe, expect, it } from 'vitest';
import { done, start } from '../testing/play-download.ts';
import { downloadView, progressBody } from '../testing/samples.ts';

describe('live view', () => {
  it('draws at most ten times a second', async () => {
    const { io, engine, code } = start('download moshi', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    for (let index = 0; index < 100; index += 1) {
      engine.emit(progressBody({ receivedBytes: 6_300_000_000 + index }));
      await io.pass(10);
    }
    engine.emit(done());
    await code;
    const drawings = io.out().split('Downloading ·').length - 1;
    expect(drawings).toBeGreaterThanOrEqual(5);
    expect(drawings).toBeLessThanOrEqual(11);
  });

  it('leaves only the result on the screen', async () => {
    const { io, engine, code } = start('download moshi', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    engine.emit(done());
    await code;
    expect(io.out()).toContain('\u001b[J\u001b[?25hReady: Moshi BF16');
  });

  it('draws again when the terminal is resized', async () => {
    const { io, engine, code } = start('download moshi', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    const before = io.out().length;
    io.resize(60, 20);
    expect(io.out().length).toBeGreaterThan(before);
    engine.emit(done());
    await code;
  });

  it('gives way to plain lines when log lines share the terminal', async () => {
    const { io, engine, code } = start('download moshi --verbose', [downloadView()], { terminal: true });
    await engine.whenCalled('snapshot');
    engine.emit(progressBody());
    engine.emit(done());
    await code;
    expect(io.out()).not.toContain('\u001b[?25l');
  });
});
