'use strict';

/**
 * An engine without downloads, database or network: it speaks the envelope of `src/shared/contract/envelope.ts` in a utility process,
 * so that the way from main to a utility process can be tested with an Electron whose Node cannot load the real one.
 * Some commands have a meaning of their own here: `downloads.retryNow` crashes, `downloads.suspend` blocks forever.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const port = process.parentPort;
const send = (message) => port.postMessage(message);
const runId = `stub-${process.pid}`;
let settings;
let seq = 0;
let state = 'downloading';

/** Answers that are always the same, and what the one download is; see `stubbed-app.ts`. */
const { download: sample, ...same } = JSON.parse(readFileSync(join(__dirname, 'answers.json'), 'utf8'));
const atRest = { bytesPerSecond: 0, etaSeconds: null, streams: 0 };
const download = () => ({ ...sample, state, ...(state === 'downloading' ? {} : atRest) });

const answers = {
  ...Object.fromEntries(Object.entries(same).map(([name, value]) => [name, () => value])),
  snapshot: () => ({ ...same.snapshot, runId, seq, downloads: [download()] }),
  'downloads.pause': () => {
    state = 'paused';
    seq += 1;
    const { id, ...view } = download();
    send({
      type: 'event',
      event: { ...view, event: 'progress', download: id, seq, time: new Date().toISOString() },
    });
  },
  'downloads.retryNow': () => {
    process.stderr.write('the stub falls over\n');
    process.exit(7);
  },
  'downloads.suspend': () => {
    // Deaf, as an engine with a blocked event loop is.
    appendFileSync(join(settings.dataDir, 'stub-deaf'), '');
    for (;;);
  },
  /** What this process was given, for the tests. */
  doctor: () => ({
    pid: process.pid,
    execPath: process.execPath,
    token: settings.token,
    environment: { ...process.env },
  }),
};

port.on('message', ({ data: request }) => {
  if (request.type === 'open') {
    settings = request.settings;
    send({ type: 'ready', runId });
  } else if (request.type === 'stop') {
    appendFileSync(join(settings.dataDir, 'stub-stopped'), `${runId}\n`);
    send({ type: 'stopped' });
    process.exit();
  } else {
    const answer = answers[request.name];
    const outcome =
      answer === undefined
        ? {
            ok: false,
            error: { code: 'BadRequest', message: 'The stub cannot do this.', retryable: false, details: {} },
          }
        : { ok: true, value: answer() };
    send({ type: 'answer', id: request.id, outcome });
  }
});
