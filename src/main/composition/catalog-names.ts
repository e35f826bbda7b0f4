import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { downloadName } from '../../shared/format/download-name.ts';
import type { Catalog } from '../../shared/model/catalog.ts';
import type { Followed, ShellCall, ShellDeps } from '../foundation/shell-deps.ts';

/** Names downloads by the engine's catalog, which is requested once per engine run. */
export function followCatalog(status: Followed<EngineStatus>, call: ShellCall): ShellDeps['catalogName'] {
  let catalog: Catalog | null = null;
  const ask = async () => {
    const outcome = await call('catalog.get', {});
    if (outcome.ok) catalog = outcome.value;
  };
  status.onChange(({ state }) => {
    if (state === 'running') void ask();
  });
  return (download) => downloadName(download, catalog);
}
