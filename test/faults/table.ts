import { formatBytes } from '../../src/shared/format/bytes.ts';
import { FIELD_CASES } from './field-cases.ts';
import { plain } from './messages.ts';
import { AREAS, type Row } from './scenario.ts';

const INTRODUCTION = `# Reliability

Every fault below was injected into the whole engine and a local Hub; \`npm run faults\` does it again and writes this
page. Files are a few MiB with chunks of 1 MiB, so that a lost chunk would show. \`node test/faults/large-file.ts\` measures the cost of
one wrong byte in a file of 2.5 GB.

- **Reported** is the engine's own message. It is empty where the user needs to know nothing.
- **Fetched twice** counts what the servers sent beyond the files' own bytes, including refused responses and bytes in flight
  when a connection broke.
- **Recovery** is the time from the fault to the next good byte; for damage, from the start of the run that finds it to the
  right file.
`;

/** The page with one table for each area. An area without rows stays as `before`, an earlier page, has it. */
export function table(rows: readonly Row[], before = ''): string {
  const sections = new Map(before.split(/^## /m).map((text) => [text.split('\n', 1)[0], text]));
  const parts = AREAS.flatMap((area) => {
    const own = rows.filter(({ scenario }) => scenario.area === area);
    if (own.length > 0) return [`## ${area}\n\n${HEAD}\n${own.map(line).join('\n')}\n`];
    const old = sections.get(area);
    return old === undefined ? [] : [`## ${old.trimEnd()}\n`];
  });
  return [INTRODUCTION, ...parts, fieldCases()].join('\n');
}

/** Cases from the field, each with the tests that demand what is right. */
function fieldCases(): string {
  const parts = FIELD_CASES.map(([kind, cases]) => {
    const lines = cases.map((cells) => `| ${cells.join(' | ')} |`);
    return `### ${kind}\n\n| Input | Right | Tests |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return [`## Cases from the field\n`, ...parts].join('\n');
}

const HEAD = '| Fault | Reported | Fetched twice | Recovery | Outcome |\n|---|---|---:|---:|---|';

function line({ scenario, finding, skipped, broken }: Row): string {
  const again = finding?.againBytes;
  const cells = [
    scenario.fault,
    short((finding?.messages ?? []).map(plain)),
    again == null ? '–' : formatBytes(again),
    finding?.recoverMs == null ? '–' : `${(finding.recoverMs / 1000).toFixed(1)} s`,
    broken !== null
      ? `**broken: ${broken}**`
      : skipped !== null
        ? `not run: ${skipped}`
        : (finding?.outcome ?? ''),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** The first sentences; a table is no log. */
function short(messages: readonly string[]): string {
  if (messages.length === 0) return '–';
  const shown = messages.slice(0, 2).join(' · ');
  return shown.length > 300 ? `${shown.slice(0, 299)}…` : shown;
}
