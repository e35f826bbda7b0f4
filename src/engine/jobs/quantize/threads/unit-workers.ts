import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../shared/contract/errors.ts';
import { classify } from '../../../errors/classify.ts';
import {
  NOT_FINITE,
  TOO_SHORT,
  type UnitAnswers,
  type UnitReply,
  type UnitRequest,
  type WorkerSetup,
} from './protocol.ts';

/** Buffers of a kernel live outside this heap; a worker makes hardly any garbage. */
const HEAP_MB = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 } as const;

interface Job {
  readonly resolve: (value: never) => void;
  readonly reject: (error: AppError) => void;
}

interface Lane {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

/** Threads that produce and check units; one owner uses them for one build and closes them. */
export interface UnitWorkers {
  readonly size: number;
  /**
   * Runs one unit in the thread with the least to do. Rejects with `BadRequest` for a value that is not finite, the
   * system's `DiskFull`, `DiskMissing` or `DiskPermission` with the file as `details.path`, and `Cancelled` after
   * {@link close}.
   */
  run<Op extends UnitRequest['op']>(request: Extract<UnitRequest, { op: Op }>): Promise<UnitAnswers[Op]>;
  close(): Promise<void>;
}

/** Starts `size` threads. `workerUrl` is the built `unit-worker`. */
export function startUnitWorkers(workerUrl: URL, setup: WorkerSetup, size: number): UnitWorkers {
  let nextId = 0;
  let closed = false;
  const lanes = Array.from({ length: size }, (): Lane => {
    const lane: Lane = {
      worker: new Worker(workerUrl, { workerData: setup, resourceLimits: HEAP_MB }),
      jobs: new Map(),
    };
    lane.worker.on('message', (reply: UnitReply) => settle(lane, reply));
    const lose = (cause: Error) => {
      const stopped = new AppError('Cancelled', 'The build was stopped.');
      const error = closed ? stopped : workerEnded(cause);
      for (const job of lane.jobs.values()) job.reject(error);
      lane.jobs.clear();
      if (lanes.includes(lane)) lanes.splice(lanes.indexOf(lane), 1);
    };
    lane.worker.on('error', lose);
    lane.worker.on('exit', () => lose(new Error('the thread ended')));
    return lane;
  });
  return {
    size,
    run(request) {
      const idlest = lanes.reduce<Lane | null>(
        (best, lane) => (best && best.jobs.size <= lane.jobs.size ? best : lane),
        null,
      );
      if (!idlest) return Promise.reject(workerEnded(new Error('no thread is left')));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        idlest.jobs.set(id, { resolve, reject });
        idlest.worker.postMessage({ id, request });
      });
    },
    async close() {
      closed = true;
      await Promise.all([...lanes].map(({ worker }) => worker.terminate()));
    },
  };
}

function settle(lane: Lane, reply: UnitReply): void {
  const job = lane.jobs.get(reply.id);
  lane.jobs.delete(reply.id);
  if (reply.ok) job?.resolve(reply.value as never);
  else job?.reject(failure(reply));
}

function failure({ code, message, file }: Extract<UnitReply, { ok: false }>): AppError {
  const path = file ?? '';
  if (code === NOT_FINITE) return new AppError('BadRequest', `${message}.`, { details: { path } });
  if (code === TOO_SHORT) return new AppError('DiskMissing', `${message}.`, { details: { path, cut: true } });
  const cause = Object.assign(new Error(message), { code: code ?? undefined });
  return classify(cause, file === null ? {} : { disk: file });
}

function workerEnded(cause: Error): AppError {
  return new AppError('Internal', 'A thread quit unexpectedly. Your progress is saved. Resume to continue.', {
    cause,
  });
}
