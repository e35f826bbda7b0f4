import { useCallback, useEffect, useState } from 'react';
import type { BridgeCommandName } from '../../../shared/contract/bridge.ts';
import type { CommandInput, CommandResult } from '../../../shared/contract/commands.ts';
import type { Outcome } from '../../../shared/contract/envelope.ts';
import { useStores } from '../../stores/stores-context.tsx';

/**
 * Returns the result of a call; null until it arrives. `again` repeats the call, and keeps the old result in the
 * meantime.
 */
export function useAnswer<N extends BridgeCommandName>(
  name: N,
  args: CommandInput<N> | null,
): {
  readonly outcome: Outcome<CommandResult<N>> | null;
  readonly isAsking: boolean;
  readonly again: () => void;
} {
  const { bridge } = useStores();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; outcome: Outcome<CommandResult<N>> } | null>(null);
  const question = args === null ? null : JSON.stringify(args);
  const key = `${question} ${attempt}`;
  useEffect(() => {
    if (question === null) return;
    let isWanted = true;
    void bridge.call(name, JSON.parse(question) as CommandInput<N>).then((outcome) => {
      if (isWanted) setAnswer({ key, outcome });
    });
    return () => {
      isWanted = false;
    };
  }, [bridge, name, question, key]);
  const again = useCallback(() => setAttempt((before) => before + 1), []);
  return { outcome: answer?.outcome ?? null, isAsking: question !== null && answer?.key !== key, again };
}
