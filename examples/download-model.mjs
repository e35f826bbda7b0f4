#!/usr/bin/env node
// Asks Haulyard for a model and shows its progress: node download-model.mjs moshi
//
// Works the same whether the Haulyard app is open or not. Needs nothing but Node 18 and the `haulyard` command; HAULYARD names
// another command, for instance "node /path/to/out/cli/index.js".
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Brings a model here and resolves to the folder with its files. Rejects with an error that has `code` and `retryable`. */
export async function download(reference, onProgress = () => {}) {
  const [command, ...before] = (process.env.HAULYARD ?? 'haulyard').split(' ');
  const child = spawn(command, [...before, 'download', reference, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  let snapshot;
  let failure;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.event === 'progress') onProgress(message);
    if (message.event === 'done') snapshot = message.snapshot;
    if (message.event === 'failed') failure = message;
    if (message.error) failure = message.error;
  }
  const exitCode = await ended;
  if (exitCode === 0 && snapshot) return snapshot;
  const { code, message, retryable } = failure ?? {
    code: 'Cancelled',
    message: `haulyard ended with ${exitCode}`,
    retryable: true,
  };
  throw Object.assign(new Error(message), { code, retryable });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const show = ({ state, receivedBytes, totalBytes }) =>
    console.error(`${state}: ${(receivedBytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB`);
  try {
    console.log(await download(process.argv[2], show));
  } catch (error) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
