import { parentPort, workerData } from 'node:worker_threads';
import { type ChunkTask, cutHere } from './chunks.ts';

parentPort?.postMessage(await cutHere(workerData as ChunkTask));
