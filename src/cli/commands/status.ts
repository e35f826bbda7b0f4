import type { BuildView } from '../../shared/model/build.ts';
import type { CatalogModel } from '../../shared/model/catalog.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { catalogModels } from '../catalog-models.ts';
import { EXIT } from '../exit-codes.ts';
import { buildLine } from '../output/build-lines.ts';
import { reasonWords } from '../output/failure-words.ts';
import { printJson, statusJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { amountWords, downloadName, stateWord } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';

/** `status`: the ledger's content. */
export function runStatus(session: Session): Promise<number> {
  return withEngine(session, { access: 'live', anySettings: true }, async (engine) => {
    const { downloads, builds } = await engine.call('snapshot', {});
    if (session.global.json) {
      printJson(session.io.stdout, statusJson(downloads, builds));
      return EXIT.done;
    }
    for (const line of statusLines(downloads, await catalogModels(engine))) printLine(session, line);
    for (const build of builds) printLine(session, `${build.id}  ${buildLine(buildName(build), build)}`);
    return EXIT.done;
  });
}

const buildName = ({ model, source, variant }: BuildView): string =>
  `${model ?? source.repo} ${variant.toUpperCase()}`;

/** A table of downloads, and below it a line for each that has a reason. */
export function statusLines(
  downloads: readonly DownloadView[],
  models: readonly CatalogModel[],
): readonly string[] {
  if (downloads.length === 0) return ['No downloads. Start one with: haulyard download REF'];
  const rows = downloads.map((view) => [
    view.id,
    downloadName(view, models),
    stateWord(view.state),
    view.totalBytes > 0 ? amountWords(view) : '—',
    `${view.chunksDone}/${view.chunksTotal}`,
  ]);
  const columns = [
    { title: 'ID' },
    { title: 'MODEL' },
    { title: 'STATE' },
    { title: 'HERE' },
    { title: 'CHUNKS', align: 'right' },
  ] as const;
  const reasons = downloads.flatMap((view) => {
    const words = reasonWords(view);
    return words === null ? [] : [`${view.id}: ${words}`];
  });
  return [...tableLines(columns, rows), ...(reasons.length > 0 ? ['', ...reasons] : [])];
}
