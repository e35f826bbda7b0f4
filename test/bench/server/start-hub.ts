import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HubRequest, HubSetup, Served } from './hub-setup.ts';

/** A local Hub in a process of its own. */
export interface HubProcess extends AsyncDisposable {
  readonly url: string;
  ask(request: HubRequest): Promise<Served>;
}

const PERFECT: HubSetup = { repositories: [], conditions: {}, seed: 1, redirects: {}, crowding: null };

/** Starts a Hub; what `setup` leaves out is perfect. Rejects when it cannot start. */
export async function startHubProcess(setup: Partial<HubSetup>): Promise<HubProcess> {
  const child = fork(fileURLToPath(new URL('./hub-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const ask = async (message: object): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send(message);
    const first = await Promise.race([answer, exited.then(() => null)]);
    if (first === null) throw new Error('The local Hub ended by itself.');
    return first[0];
  };
  const url = String(await ask({ ...PERFECT, ...setup }));
  return {
    url,
    ask: async (request) => (await ask(request)) as Served,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
