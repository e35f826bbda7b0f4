import { parentPort } from 'node:worker_threads';

/**
 * The hash worker, taking its time over each message: verifying small files then lasts as long as verifying large ones
 * with the real one.
 */
const PAUSE_MS = 150;

const never = new Int32Array(new SharedArrayBuffer(4));
// Listeners are called in the order in which they were added: this one before that of the worker.
parentPort?.on('message', () => void Atomics.wait(never, 0, 0, PAUSE_MS));
await import('../../src/engine/integrity/hash-worker.ts');
