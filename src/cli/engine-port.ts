import type { CommandInput, CommandName, CommandResult } from '../shared/contract/commands.ts';
import type { EngineEvent } from '../shared/contract/events.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
  readonly token: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly access: 'owner' | 'reader';
  readonly autoStart: boolean;
  readonly hashWorkerUrl: URL;
  readonly version: string;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly giveUpAfterMs?: number;
  readonly limitBytesPerSecond?: number;
}

export interface Engine {
  readonly runId: string;
  call<N extends CommandName>(name: N, args: CommandInput<N>): Promise<CommandResult<N>>;
  on(listener: (event: EngineEvent) => void): () => void;
  close(): Promise<void>;
}
