import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { virtualDisplay } from '../../../tools/electron-dist/virtual-display.ts';
import { electronDist } from '../../../tools/electron-dist.ts';
import type { Stage } from '../../e2e/running-app.ts';

const HUB = fileURLToPath(new URL('../../../tools/demo/hub.ts', import.meta.url));

/** An Electron, and a display if this machine has none. */
export async function openStage(): Promise<Stage & AsyncDisposable> {
  const electron = await electronDist();
  const display = process.platform === 'linux' && !process.env.DISPLAY ? await virtualDisplay() : null;
  return {
    electron,
    display: display?.name ?? null,
    [Symbol.asyncDispose]: async () => display?.[Symbol.asyncDispose](),
  };
}

/** A Hub in a separate process, so that generating bytes is not measured, with models of real size. */
export async function hubProcess(bytesPerSecond: number): Promise<{ readonly url: string } & Disposable> {
  const child = fork(HUB, [String(bytesPerSecond)]);
  const [message] = (await once(child, 'message')) as [{ readonly url: string }];
  return { url: message.url, [Symbol.dispose]: () => void child.kill() };
}
