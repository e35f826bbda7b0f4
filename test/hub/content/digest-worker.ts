import { parentPort, workerData } from 'node:worker_threads';
import { type DigestTask, digestHere } from './digests.ts';

parentPort?.postMessage(await digestHere(workerData as DigestTask));
