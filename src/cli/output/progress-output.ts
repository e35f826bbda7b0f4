import type { EngineEvent } from '../../shared/contract/events.ts';
import type { ProgressModel } from './progress-model.ts';

/** Shows what happens to the downloads of this run. */
export interface ProgressOutput {
  /** Call after each change of the model and at least four times a second; `event` is what changed it. */
  show(model: ProgressModel, event: EngineEvent | null): void;
  /** Restores the terminal. */
  stop(): void;
}
