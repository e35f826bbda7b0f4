#!/usr/bin/env node
// Asks the running Haulyard what it downloads, over its socket: node list-downloads.mjs DATA_FOLDER
//
// Prints one line for each download. Ends with 3 when no Haulyard runs. docs/integration.md describes the protocol.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

const GOES_ON = 0x80000000;

/** The messages of a socket: frames with a length in front, the highest bit of which says that the message goes on. */
async function* messagesOf(socket) {
  let waiting = Buffer.alloc(0);
  let body = Buffer.alloc(0);
  for await (const bytes of socket) {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 4) {
      const header = waiting.readUInt32BE();
      const end = 4 + (header & 0x7fffffff);
      if (waiting.length < end) break;
      body = Buffer.concat([body, waiting.subarray(4, end)]);
      waiting = waiting.subarray(end);
      if (header >= GOES_ON) continue;
      yield JSON.parse(body.toString());
      body = Buffer.alloc(0);
    }
  }
}

function send(socket, message) {
  const body = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  socket.write(Buffer.concat([header, body]));
}

try {
  const owner = JSON.parse(await readFile(join(process.argv[2], 'engine.json'), 'utf8'));
  const socket = connect(owner.socket);
  const { secret } = owner;
  send(socket, { type: 'hello', secret, protocol: 1, version: '1.0', program: 'list-downloads.mjs' });
  for await (const message of messagesOf(socket)) {
    if (message.type === 'refused') throw new Error(`refused: ${message.because}`);
    if (message.type === 'welcome') {
      console.log(`${message.program} ${message.version}`);
      send(socket, { type: 'call', id: 1, name: 'snapshot', args: {} });
    }
    if (message.type !== 'answer') continue;
    for (const { id, repo, state, receivedBytes } of message.outcome.value.downloads)
      console.log(`${id} ${repo} ${state} ${receivedBytes}`);
    break;
  }
} catch (error) {
  if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED') throw error;
  console.error('Haulyard does not run.');
  process.exitCode = 3;
}
