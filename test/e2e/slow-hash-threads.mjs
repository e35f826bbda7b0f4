import { isMainThread, parentPort } from 'node:worker_threads';

/** Loaded before anything else in each thread of the engine (threads inherit `--import`): makes the hash threads slow. */
// More than a second: seconds are reported at most once a second, so each message has a new number.
const PAUSE_MS = Number(process.env.HAULYARD_TEST_PAUSE_MS ?? 1100);

if (!isMainThread && parentPort !== null) {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (event, listener) =>
    on(event, (message) => {
      if (event === 'message') Atomics.wait(never, 0, 0, PAUSE_MS);
      listener(message);
    });
}
