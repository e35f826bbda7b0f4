import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { endWithLauncher } from './parent-watch.ts';

const child = (env: Record<string, string>, channel: { unref(): void } | null) =>
  Object.assign(new EventEmitter(), { env, channel });

describe('endWithLauncher', () => {
  it('ends with the launcher that started it', () => {
    const self = child({ HAULYARD_LAUNCHER: '1' }, { unref: () => {} });
    const end = vi.fn();
    endWithLauncher(self, end);
    self.emit('disconnect');
    expect(end).toHaveBeenCalledOnce();
  });

  it('does not let the channel keep the process alive', () => {
    const unref = vi.fn();
    endWithLauncher(child({ HAULYARD_LAUNCHER: '1' }, { unref }), () => {});
    expect(unref).toHaveBeenCalledOnce();
  });

  it.each([
    ['was started with a channel by something else', {}, { unref: () => {} }],
    ['has no channel', { HAULYARD_LAUNCHER: '1' }, null],
  ])('does nothing in a process that %s', (_, env, channel) => {
    const self = child(env, channel);
    endWithLauncher(self, () => {});
    expect(self.listenerCount('disconnect')).toBe(0);
  });
});
