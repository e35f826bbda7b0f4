import { given } from '../foundation/hugging-face-folders.ts';
import type { Machine } from '../foundation/machine.ts';
import type { StartEngine } from './engine-process.ts';
import { nodeEngine } from './node-engine.ts';
import { utilityEngine } from './utility-engine.ts';

/**
 * Returns how to run the engine: in a utility process; or, in an app that is not packaged, under the Node that
 * HAULYARD_ENGINE_NODE names.
 */
export function engineStarter(
  entry: string,
  { env, isPackaged }: Pick<Machine, 'env' | 'isPackaged'>,
): StartEngine {
  const node = isPackaged ? null : given(env.HAULYARD_ENGINE_NODE);
  return node === null ? utilityEngine(entry) : nodeEngine(entry, node);
}
