import { utilityProcess } from 'electron';
import { type EngineProcess, eachLine, type StartEngine } from './engine-process.ts';

/**
 * Runs the engine in a utility process of Electron: plain Node, no window, ended with the app whatever happens to it.
 */
export function utilityEngine(entry: string): StartEngine {
  return (env): EngineProcess => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'Haulyard engine', env, stdio: 'pipe' });
    let hasEnded = false;
    child.once('exit', () => {
      hasEnded = true;
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (request) => {
        if (!hasEnded) child.postMessage(request);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      onOutput: (listener) => {
        eachLine(child.stdout, listener);
        eachLine(child.stderr, listener);
      },
      // `kill()` of a utility process asks it to end, which a blocked event loop ignores.
      kill: () => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
        else child.kill();
      },
    };
  };
}
