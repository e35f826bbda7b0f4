import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ElectronApplication } from 'playwright';

const run = promisify(execFile);

/** Ids of the processes of a running app. */
export interface AppProcesses {
  readonly main: number;
  readonly engine: number;
  /** The page's process. */
  readonly renderer: number;
}

/**
 * Finds the engine: a utility process of Electron, or, with an Electron older than the app's, a child process of Node.
 * Throws when there is none or more than one.
 */
export async function processesOf(app: ElectronApplication): Promise<AppProcesses> {
  const { pid: main, metrics } = await app.evaluate(({ app: electronApp }) => ({
    pid: process.pid,
    metrics: electronApp
      .getAppMetrics()
      .map(({ pid, type, serviceName, name }) => ({ pid, type, serviceName, name })),
  }));
  const utility = metrics.filter(
    ({ type, serviceName }) => type === 'Utility' && serviceName?.includes('NodeService'),
  );
  const engines = [
    ...utility.map(({ pid }) => pid),
    ...(await childrenOf(main, /out[\\/]engine[\\/]entry\.js/)),
  ];
  const renderer = metrics.find(({ type }) => type === 'Tab')?.pid;
  const [engine] = engines;
  if (engine === undefined || engines.length > 1 || renderer === undefined) {
    throw new Error(`Expected one engine and a page, found ${JSON.stringify({ engines, metrics })}`);
  }
  return { main, engine, renderer };
}

/** Ends the engine's process as a crash would. */
export async function killEngine(app: ElectronApplication): Promise<void> {
  const { engine } = await processesOf(app);
  process.kill(engine, 'SIGKILL');
}

async function childrenOf(parent: number, command: RegExp): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, ...args]) => Number(ppid) === parent && command.test(args.join(' ')))
    .map(([pid]) => Number(pid));
}
