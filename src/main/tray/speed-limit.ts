import type { Settings } from '../../shared/contract/commands.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';

/** The active speed limit, in bytes per second; null for none. */
export interface SpeedLimit {
  current(): number | null;
  set(bytesPerSecond: number | null): void;
}

/**
 * Follows the limit of the mirrored settings, or the engine's answers since they were taken. `onAnswer` is called for
 * every answer: a menu has marked the choice already, and must undo that when it was refused.
 */
export function followLimit(
  { state, call, log }: Pick<ShellDeps, 'state' | 'call' | 'log'>,
  onAnswer: () => void,
): SpeedLimit {
  let answer: { readonly given: Settings; readonly mirrored: Settings | undefined } | null = null;
  const mirrored = () => state.current()?.settings;

  async function change(limitBytesPerSecond: number | null): Promise<void> {
    const outcome = await call('settings.set', { limitBytesPerSecond });
    if (outcome.ok) answer = { given: outcome.value, mirrored: mirrored() };
    else log.warn(`tray: speed limit: ${outcome.error.code}: ${outcome.error.message}`);
    onAnswer();
  }

  return {
    current: () => {
      const settings = answer !== null && answer.mirrored === mirrored() ? answer.given : mirrored();
      return settings?.limitBytesPerSecond ?? null;
    },
    set: (bytesPerSecond) => void change(bytesPerSecond),
  };
}
