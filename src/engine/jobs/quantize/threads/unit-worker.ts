import { parentPort, workerData } from 'node:worker_threads';
import type { Kernel } from '../arithmetic/kernel.ts';
import { createPlainKernel } from '../arithmetic/plain-kernel.ts';
import { createSimdKernel } from '../arithmetic/simd-kernel.ts';
import { makeUnit, recomputeUnit, UnitError } from './process-unit.ts';
import type { UnitAnswers, UnitReply, UnitRequest, WorkerSetup } from './protocol.ts';

/**
 * Entry point of a thread that produces units. File access is synchronous on purpose: the thread has nothing else to
 * do, and it has one buffer for everything it reads.
 */

const { kernelModule } = workerData as WorkerSetup;
const kernel = fastest();
let second: Kernel | null = null;

parentPort?.on('message', ({ id, request }: { id: number; request: UnitRequest }) => {
  parentPort?.postMessage(reply(id, request));
});

function fastest(): Kernel {
  try {
    if (kernelModule) return createSimdKernel(kernelModule);
  } catch {
    // No SIMD on this processor: the plain kernel produces the same bytes, only later.
  }
  return createPlainKernel();
}

/** The kernel that did not produce the units, if there are two. */
function witness(): Kernel {
  second ??= kernel.name === 'plain' ? kernel : createPlainKernel();
  return second;
}

function reply(id: number, request: UnitRequest): UnitReply {
  try {
    return { id, ok: true, value: answer(request) };
  } catch (error) {
    const { code, file } = error instanceof UnitError ? error : { code: null, file: null };
    return { id, ok: false, code, file, message: (error as Error).message };
  }
}

function answer(request: UnitRequest): UnitAnswers[keyof UnitAnswers] {
  switch (request.op) {
    case 'make':
      return makeUnit(request.unit, request.rule, request.source, request.target, kernel);
    case 'recompute':
      return recomputeUnit(request.unit, request.rule, request.source, request.target, witness());
  }
}
