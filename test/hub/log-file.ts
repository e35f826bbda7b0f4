import { createWriteStream } from 'node:fs';
import type { RequestRecord } from './http/request-log.ts';

/** Writes finished requests to a file. */
export interface LogFile {
  write(record: RequestRecord): void;
  close(): Promise<void>;
}

/** Appends each record as a line of JSON. Tokens and signatures are left out. */
export function logFile(path: string): LogFile {
  const stream = createWriteStream(path, { flags: 'a' });
  let failed = false;
  stream.on('error', (error) => {
    failed = true;
    process.stderr.write(`The log ${path} cannot be written: ${error.message}\n`);
  });
  return {
    write: (record) => void (failed || stream.write(`${JSON.stringify(withoutSecrets(record))}\n`)),
    close: () => (failed ? Promise.resolve() : new Promise((resolve) => stream.end(() => resolve()))),
  };
}

function withoutSecrets(record: RequestRecord): RequestRecord {
  const { authorization, ...headers } = record.headers;
  return {
    ...record,
    url: record.url.replaceAll(/Signature=[^&]*/g, 'Signature=…'),
    headers: authorization === undefined ? headers : { ...headers, authorization: 'Bearer …' },
  };
}
