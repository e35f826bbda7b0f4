import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { StandIn } from './stand-ins.ts';

const run = promisify(execFile);
const PACK_TIMEOUT_MS = 15 * 60_000;

/** Has npm fetch a package into `folder`; resolves to the path of its file. */
export async function fetchPackage(name: string, folder: string): Promise<string> {
  const args = ['pack', name, '--pack-destination', folder, '--json'];
  const npm = process.env.npm_execpath;
  // Inside an npm script its own path is known; elsewhere the one on PATH is taken.
  const [command, ...first] = npm?.endsWith('.js') === true ? [process.execPath, npm] : ['npm'];
  try {
    const { stdout } = await run(command, [...first, ...args], { cwd: folder, timeout: PACK_TIMEOUT_MS });
    return join(folder, packedName(stdout));
  } catch (error) {
    const detail = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new Error(
      `${name} could not be fetched from the npm registry (${detail}). Check the connection and try again.`,
    );
  }
}

/** File name in the answer of `npm pack --json`: a list of packages, or since npm 11 possibly an object of them by name. */
export function packedName(answer: string): string {
  const [first] = Object.values(JSON.parse(answer) as Record<string, { filename?: unknown }>);
  // Older versions of npm name scoped packages with the characters that stand in the name, not in the file.
  const name = String(first?.filename).replace('@', '').replace('/', '-');
  if (!/^[\w.-]+\.tgz$/.test(name)) throw new Error(`npm pack named no file: ${answer.slice(0, 200)}`);
  return name;
}

/** Throws when the file does not have the hash that the stand-in declares. */
export async function checkIntegrity(
  file: string,
  { package: name, integrity }: Pick<StandIn, 'package' | 'integrity'>,
): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found === integrity) return;
  throw new Error(
    `What the registry sent for ${name} is not what was published (${found}). Nothing of it was run.`,
  );
}
