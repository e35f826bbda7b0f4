import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { sampleState } from './sample-downloads.ts';
import { followLimit } from './speed-limit.ts';

function setUp(answer: Awaited<ReturnType<ShellDeps['call']>>) {
  let state: DownloadsState | null = sampleState();
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const onAnswer = vi.fn();
  const limit = followLimit(
    {
      state: { current: () => state, onChange: () => () => undefined },
      call: (async () => answer) as ShellDeps['call'],
      log,
    },
    onAnswer,
  );
  const take = (limitBytesPerSecond: number | null) => {
    state = {
      ...sampleState(),
      settings: { ...DEFAULT_SETTINGS, limitBytesPerSecond },
    };
  };
  return { limit, onAnswer, take };
}

const accepted = {
  ok: true,
  value: { ...DEFAULT_SETTINGS, limitBytesPerSecond: 5 },
} as never;

describe('followLimit', () => {
  it('believes the answer until newer settings are mirrored', async () => {
    const { limit, onAnswer, take } = setUp(accepted);
    limit.set(5);
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalled(), { timeout: 20_000 });
    expect(limit.current()).toBe(5);
    take(null);
    expect(limit.current()).toBeNull();
  });

  it('goes back to what is in force when a change is refused', async () => {
    const error = new AppError('EngineUnavailable', 'Not now.').toData();
    const { limit, onAnswer } = setUp({ ok: false, error });
    limit.set(5);
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalled(), { timeout: 20_000 });
    expect(limit.current()).toBeNull();
  });
});
