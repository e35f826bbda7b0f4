import { formatBytes, formatMemory } from '../../shared/format/bytes.ts';
import type { HardwareReport } from '../../shared/model/hardware.ts';
import { EXIT } from '../exit-codes.ts';
import { hardwareJson, printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { fitWord } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';

/** `hardware`: this machine, or an assumed one, and how well each variant would run on it. */
export function runHardware(session: Session, options: { readonly assume?: string }): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const { assume } = options;
    const report = await engine.call('hardware.get', assume === undefined ? {} : { assume });
    if (session.global.json) printJson(session.io.stdout, hardwareJson(report));
    else for (const line of hardwareLines(report)) printLine(session, line);
    return EXIT.done;
  });
}

/** The report for people: the machine in a line, then a line per variant with the numbers behind its verdict. */
export function hardwareLines(report: HardwareReport): readonly string[] {
  const facts = [
    report.chip,
    `${formatMemory(report.memoryBytes)} memory`,
    `${formatBytes(report.budgetBytes)} of it for a model`,
    report.bandwidthGBps === null ? 'memory bandwidth unknown' : `${report.bandwidthGBps} GB/s`,
  ];
  const notes = [
    ...(report.assumed ? ['(assumed, not read from this machine)'] : []),
    ...(report.translated ? ['(this program runs under Rosetta)'] : []),
  ];
  const rows = report.models.flatMap((model) =>
    model.variants.map((variant) => [
      model.model,
      `${variant.variant === model.recommended ? '*' : ' '} ${variant.variant}`,
      fitWord(variant.fit),
      formatBytes(variant.neededBytes),
      variant.reasons.join(' '),
    ]),
  );
  const columns = [
    { title: 'MODEL' },
    { title: '  VARIANT' },
    { title: 'FIT' },
    { title: 'NEEDS', align: 'right' },
    { title: 'WHY' },
  ] as const;
  return [
    [facts.join(' · '), ...notes].join(' '),
    '',
    ...tableLines(columns, rows),
    '',
    '* recommended here',
  ];
}
