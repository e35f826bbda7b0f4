import { join } from 'node:path';
import electronLog from 'electron-log/node';
import type { Log } from './log.ts';
import { redact } from './redact.ts';

/** A log of this size is renamed to `main.old.log`; the previous one is deleted. */
const MAX_LOG_BYTES = 5_000_000;

/** Location and verbosity. */
export interface FileLogOptions {
  readonly folder: string;
  /** Also writes to the terminal. */
  readonly isVerbose: boolean;
}

/**
 * Creates a log that writes `main.log` in the folder, without secrets, and never makes its caller wait for the disk.
 */
export function createFileLog({ folder, isVerbose }: FileLogOptions): Log {
  const logger = electronLog.create({ logId: 'main' });
  const { file, console: terminal } = logger.transports;
  file.resolvePathFn = () => join(folder, 'main.log');
  file.maxSize = MAX_LOG_BYTES;
  file.sync = false;
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.level = 'info';
  terminal.level = isVerbose ? 'debug' : false;
  return {
    debug: (message) => logger.debug(redact(message)),
    info: (message) => logger.info(redact(message)),
    warn: (message) => logger.warn(redact(message)),
    error: (message) => logger.error(redact(message)),
  };
}
