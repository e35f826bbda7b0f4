import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SLOW_WORKER = fileURLToPath(new URL('slow-hash-threads.mjs', import.meta.url));

/**
 * A program for HAULYARD_ENGINE_NODE: this Node with threads that take `pauseMs` over each message, so that verifying a
 * small file lasts as long as verifying a large one.
 */
export async function slowHashingNode(folder: string, pauseMs = 1100): Promise<string> {
  const program = join(folder, 'slow-node');
  await writeFile(
    program,
    `#!/bin/sh\nexport HAULYARD_TEST_PAUSE_MS=${pauseMs}\nexec "${process.execPath}" --import "${SLOW_WORKER}" "$@"\n`,
  );
  await chmod(program, 0o755);
  return program;
}
