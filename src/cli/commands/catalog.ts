import { formatBytes } from '../../shared/format/bytes.ts';
import type { CatalogModel } from '../../shared/model/catalog.ts';
import type { ModelFit } from '../../shared/model/hardware.ts';
import { EXIT } from '../exit-codes.ts';
import { catalogJson, printJson } from '../output/json-lines.ts';
import { printLine, printTable } from '../output/print.ts';
import { verdictWord } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';

/** `catalog`: the available models, and which variant suits this computer. */
export function runCatalog(session: Session): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const catalog = await engine.call('catalog.get', {});
    const hardware = await engine.call('hardware.get', {});
    if (session.global.json) {
      printJson(session.io.stdout, catalogJson(catalog, hardware));
      return EXIT.done;
    }
    for (const model of catalog.models) {
      const verdict = hardware.models.find((candidate) => candidate.model === model.id);
      printModel(session, model, verdict);
    }
    printLine(session, `* recommended for this machine: ${hardware.chip}`);
    return EXIT.done;
  });
}

function printModel(session: Session, model: CatalogModel, verdict: ModelFit | undefined): void {
  printLine(session, `${model.id} · ${model.name} · ${model.license}`);
  printLine(session, `  ${model.summary}`);
  const columns = [
    { title: '  VARIANT' },
    { title: 'SIZE', align: 'right' },
    { title: 'FIT' },
    { title: 'REPOSITORY' },
  ] as const;
  const rows = model.variants.map((variant) => {
    const found = verdict?.variants.find((candidate) => candidate.variant === variant.id);
    return [
      `${variant.id === verdict?.recommended ? '*' : ' '} ${variant.id}`,
      `${variant.approximate ? 'about ' : ''}${formatBytes(variant.bytes)}`,
      found === undefined ? '' : verdictWord(found.verdict),
      variant.repo,
    ];
  });
  printTable(session, columns, rows);
  printLine(session, '');
}
