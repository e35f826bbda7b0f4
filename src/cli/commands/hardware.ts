import { formatBytes, formatMemory } from '../../shared/format/bytes.ts';
import type { HardwareReport } from '../../shared/model/hardware.ts';
import { EXIT } from '../exit-codes.ts';
import { hardwareJson, printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { verdictWord } from '../output/words.ts';
import { wrapWords } from '../output/wrap-words.ts';
import { type Session, withEngine } from '../session.ts';

/** No verdict needs more lines. */
const MAX_LINES = 20;

/** `hardware`: this computer, or an assumed one, and how well each variant would run on it. */
export function runHardware(session: Session, options: { readonly assume?: string }): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const { assume } = options;
    const report = await engine.call('hardware.get', assume === undefined ? {} : { assume });
    if (session.global.json) printJson(session.io.stdout, hardwareJson(report));
    else for (const line of hardwareLines(report, session.io.stdout.columns())) printLine(session, line);
    return EXIT.done;
  });
}

/** The report for people: the machine, then each variant with the numbers behind its verdict; no line over `width`. */
export function hardwareLines(report: HardwareReport, width: number): readonly string[] {
  const facts = [
    report.chip,
    `${formatMemory(report.memoryBytes)} memory`,
    `${formatBytes(report.budgetBytes)} of it for a model`,
    report.bandwidthGBps === null ? 'memory bandwidth unknown' : `${report.bandwidthGBps} GB/s`,
  ];
  const notes = [
    ...(report.assumed ? ['(assumed, not this computer)'] : []),
    ...(report.translated ? ['(this program runs under Rosetta)'] : []),
  ];
  return [
    ...wrapWords([facts.join(' · '), ...notes].join(' '), width, MAX_LINES),
    '',
    ...verdictLines(report, width),
    '',
    '* recommended here',
  ];
}

/** A table of verdicts, with the reasons under each row. */
function verdictLines({ models }: HardwareReport, width: number): readonly string[] {
  const columns = [
    { title: 'MODEL' },
    { title: '  VARIANT' },
    { title: 'FIT' },
    { title: 'NEEDS', align: 'right' },
  ] as const;
  const verdicts = models.flatMap(({ model, recommended, variants }) =>
    variants.map((variant) => ({ ...variant, model, mark: variant.variant === recommended ? '*' : ' ' })),
  );
  const rows = verdicts.map(({ model, mark, variant, verdict, neededBytes }) => {
    return [model, `${mark} ${variant}`, verdictWord(verdict), formatBytes(neededBytes)];
  });
  const [head = '', ...lines] = tableLines(columns, rows);
  const indent = '    ';
  const reasons = verdicts.map((verdict) =>
    wrapWords(verdict.reasons.join(' '), width - indent.length, MAX_LINES).map((line) => indent + line),
  );
  return [head, ...lines.flatMap((line, index) => [line, ...(reasons[index] ?? [])])];
}
