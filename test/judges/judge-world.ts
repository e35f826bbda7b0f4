import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { type Hub, type HubOptions, startHub } from '../hub/hub.ts';
import { CLI } from '../integration/cli-world.ts';
import { requireOfficial } from '../integration/harness.ts';
import { judgesPath } from './judges.ts';
import { outputOf, type ProgramResult, runProgram } from './run-program.ts';

/** A Hub, an empty folder, and programs that know both. */
export interface JudgeWorld extends AsyncDisposable {
  readonly hub: Hub;
  /** An empty folder, which is also `HOME`. */
  readonly root: string;
  /** The cache that the programs share with us. */
  readonly cacheDir: string;
  /** What the programs get, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program in `root`; resolves however it ends. */
  run(
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<ProgramResult>;
  /** The output of a program that must succeed. */
  output(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Our built command line, which must succeed. */
  haulyard(...args: string[]): Promise<string>;
}

/** Starts a Hub and makes empty folders. Disposing ends the Hub and removes the folders. */
export async function openJudgeWorld(
  repositories: HubOptions['repositories'],
  options: Omit<HubOptions, 'repositories'> = {},
): Promise<JudgeWorld> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-judge-'));
  const hub = await startHub({ repositories, tokens: LOCAL_TOKENS, ...options });
  const env = environmentOf(root, hub.url);
  const output: JudgeWorld['output'] = (program, args, more = {}) =>
    outputOf(program, args, { env: { ...env, ...more }, cwd: root });
  return {
    hub,
    root,
    cacheDir: join(root, 'hf', 'hub'),
    env,
    run: (program, args, more = {}) => runProgram(program, args, { env: { ...env, ...more }, cwd: root }),
    output,
    haulyard: (...args) => output(process.execPath, [CLI, ...args]),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await rm(root, { recursive: true, force: true });
      requireOfficial(hub);
    },
  };
}

/** Variables for programs whose home is `root` and whose Hub is `hubUrl`. */
export function environmentOf(root: string, hubUrl: string): Record<string, string> {
  return {
    PATH: judgesPath(),
    HOME: root,
    HF_HOME: join(root, 'hf'),
    HF_ENDPOINT: hubUrl,
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    HAULYARD_DATA_DIR: join(root, 'data'),
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
  };
}
