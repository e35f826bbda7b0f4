import { describe, expect, it } from 'vitest';
import type { SourceKind } from '../../shared/model/transport.ts';
import { sourceSpeeds } from './source-speeds.ts';

const attempt = (kind: SourceKind | null, host: string, recentBytes: number) => ({
  kind,
  host,
  share: { recentBytes },
});

describe('the speeds of sources', () => {
  it('are those of their connections, and add up to the whole', () => {
    const attempts = [
      attempt('hub', 'cdn.example', 100),
      attempt('xet', 'xet.example', 500),
      attempt('hub', 'cdn.example', 100),
      attempt('hub', 'other.example', 50),
    ];
    const speeds = sourceSpeeds(attempts, 1_000_001);
    expect(speeds.map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      'xet xet.example',
      'hub cdn.example',
      'hub other.example',
    ]);
    expect(speeds.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0)).toBe(1_000_001);
    expect(speeds[0]?.bytesPerSecond).toBeCloseTo(666_667, -1);
  });

  it('leave out attempts that are only locating the bytes', () => {
    expect(sourceSpeeds([attempt(null, 'hub.example', 0)], 0)).toEqual([]);
  });
});
