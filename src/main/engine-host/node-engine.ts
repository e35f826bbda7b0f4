import { fork } from 'node:child_process';
import { type EngineProcess, eachLine, type StartEngine } from './engine-process.ts';

/**
 * Runs the engine under another Node than Electron's own. Only for development: the Node inside an older Electron
 * cannot load the engine's database. Messages are the same as in a utility process.
 */
export function nodeEngine(entry: string, node: string): StartEngine {
  return (env): EngineProcess => {
    const child = fork(entry, [], {
      execPath: node,
      execArgv: [],
      env,
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (request) => {
        // Without a callback a channel that has just closed would throw an event nobody listens to.
        if (child.connected) child.send(request, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        let isTold = false;
        const tell = (code: number | null) => {
          if (isTold) return;
          isTold = true;
          listener(code);
        };
        child.once('exit', tell);
        child.once('error', () => {
          if (child.pid === undefined) tell(null);
        });
      },
      onOutput: (listener) => {
        eachLine(child.stdout, listener);
        eachLine(child.stderr, listener);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
