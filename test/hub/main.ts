import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/shared/contract/errors.ts';
import { digestOf } from './content/digests.ts';
import { contentOf } from './content/source.ts';
import { readFaultFile } from './faults/fault-file.ts';
import { ALL_REPOSITORIES } from './fixtures/all.ts';
import { LOCAL_TOKENS } from './fixtures/odd.ts';
import { SEARCHABLE } from './fixtures/searchable.ts';
import { type Hub, startHub } from './hub.ts';
import { logFile } from './log-file.ts';
import { type MainOptions, readOptions, USAGE } from './options.ts';

const LOG_CAPACITY = 10_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else if (options.rehash) await rehash();
  else await serve(options);
}

async function serve(options: MainOptions): Promise<void> {
  const faults = options.faultFile === null ? [] : await readFaultFile(options.faultFile);
  const log = options.logFile === null ? null : logFile(options.logFile);
  const hub = await startHub({
    repositories: SEARCHABLE,
    tokens: LOCAL_TOKENS,
    port: options.port,
    cdnPort: options.cdnPort,
    logCapacity: LOG_CAPACITY,
    conditions: {
      totalBytesPerSecond: options.bytesPerSecond,
      latencyMs: options.latencyMs,
      drops:
        options.dropEverySeconds === null ? null : { everySeconds: options.dropEverySeconds, probability: 1 },
    },
    ...(log === null ? {} : { onRequestEnd: (record) => log.write(record) }),
  }).catch(portInUse);
  for (const fault of faults) hub.faults.add(fault);
  const stop = async () => {
    await hub.close();
    await log?.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.write(options.json ? machineLine(hub) : description(hub));
}

function portInUse(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') throw cause;
  throw new AppError(
    'BadRequest',
    `The port cannot be used: ${cause.message}. Choose another with --port and --cdn-port.`,
  );
}

function machineLine(hub: Hub): string {
  return `${JSON.stringify({ url: hub.url, cdnUrl: hub.cdnUrl, pid: process.pid })}\n`;
}

function description(hub: Hub): string {
  const repositories = ALL_REPOSITORIES.map(({ id, files = [] }) => {
    const bytes = files.reduce((sum, file) => sum + contentOf(file).size, 0);
    return `  ${id.padEnd(36)} ${String(files.length).padStart(3)} files ${(bytes / 1e6).toFixed(1).padStart(9)} MB`;
  });
  return [
    `Hub ${hub.url}, CDN ${hub.cdnUrl}. Ctrl-C ends it.`,
    '',
    `export HF_ENDPOINT=${hub.url}`,
    `export HAULYARD_CATALOG=${fileURLToPath(new URL('demo-catalog.json', import.meta.url))}`,
    '',
    'Repositories:',
    ...repositories,
    `  and ${SEARCHABLE.length - ALL_REPOSITORIES.length} to search among`,
    '',
    'Tokens: hf_local_granted reads everything, hf_local_reader only what is public.',
    '',
  ].join('\n');
}

async function rehash(): Promise<void> {
  for (const { id, files = [] } of ALL_REPOSITORIES) {
    for (const file of files.filter((candidate) => candidate.lfs === true)) {
      const sha256 = await digestOf({ source: file, algorithm: 'sha256' });
      const note = file.hash === undefined || file.hash === sha256 ? '' : '  DIFFERS from the fixture';
      process.stdout.write(`${sha256}  ${id}/${file.path}${note}\n`);
    }
  }
}

main().catch((error: unknown) => {
  const wrong = error instanceof AppError && error.code === 'BadRequest';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(wrong ? 2 : 1);
});
