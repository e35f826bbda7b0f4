import type { EngineEvent } from '../../shared/contract/events.ts';
import type { ProgressModel } from './progress-model.ts';

/** Shows what happens to the downloads of this run. */
export interface ProgressOutput {
  /** To be called after each change of the model and at least four times a second; `event` is what changed it. */
  show(model: ProgressModel, event: EngineEvent | null): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}
