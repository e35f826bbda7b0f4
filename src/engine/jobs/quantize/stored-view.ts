import { join } from 'node:path';
import type { BuildView } from '../../../shared/model/build.ts';
import type { BuildRow } from '../../ledger/builds.ts';
import { madeFolder } from './install/made-folder.ts';

/**
 * Returns a build as recorded in the ledger, for programs that only read. Units have 8 MiB; their bytes are counted
 * whole.
 */
export function storedView(row: BuildRow, unitsDone: number): BuildView {
  const { id, model, variant, repo, commit, root, plan, state, reason, error, outputs, createdAt } = row;
  const isReady = state === 'ready';
  const sourceBytes = plan?.sourceBytes ?? 0;
  const outputBytes = plan?.outputBytes ?? 0;
  const unitsTotal = plan?.units ?? 0;
  const share = isReady ? 1 : unitsTotal > 0 ? Math.min(1, unitsDone / unitsTotal) : 0;
  const path = madeFolder(root, repo, variant);
  return {
    id,
    kind: 'build',
    model,
    variant,
    source: { repo, commit, path: plan?.sourcePath ?? '' },
    path,
    file: join(path, plan?.file ?? ''),
    state,
    reason,
    waitReason: null,
    error,
    hash: outputs?.[0]?.sha256 ?? null,
    sourceBytesDone: Math.floor(sourceBytes * share),
    sourceBytes,
    writtenBytes: Math.floor(outputBytes * share),
    durableBytes: Math.floor(outputBytes * share),
    outputBytes,
    bytesPerSecond: 0,
    etaSeconds: null,
    unitsDone: isReady ? unitsTotal : unitsDone,
    unitsTotal,
    tensor: null,
    hashedBytes: isReady ? outputBytes : 0,
    createdAt,
  };
}
