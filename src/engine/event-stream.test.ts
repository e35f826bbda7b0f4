import { describe, expect, it } from 'vitest';
import { createEventStream } from './event-stream.ts';

describe('a listener that throws', () => {
  it('is logged, and neither stops the others nor the one who speaks', () => {
    const log: string[] = [];
    const stream = createEventStream(
      () => 0,
      (level, message) => log.push(`${level}: ${message}`),
    );
    const heard: number[] = [];
    stream.on(() => {
      throw new Error('broken');
    });
    stream.on(({ seq }) => heard.push(seq));
    stream.emit({ event: 'listed', download: 'a' });
    stream.emit({ event: 'listed', download: 'b' });
    expect(heard).toEqual([1, 2]);
    expect(log[0]).toMatch(/^error: A listener failed at the event listed: .*broken/);
  });
});
