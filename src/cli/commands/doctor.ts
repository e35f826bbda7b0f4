import type { Diagnosis } from '../../shared/contract/commands.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { type Session, withEngine } from '../session.ts';

/** `doctor`: exit code 0 when every check passed, else 1. */
export function runDoctor(session: Session): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const diagnosis = await engine.call('doctor', {});
    if (session.global.json) printJson(session.io.stdout, diagnosis);
    else for (const line of diagnosisLines(diagnosis)) printLine(session, line);
    return diagnosis.ok ? EXIT.done : EXIT.internal;
  });
}

/** Versions, paths and checks for people; a failed check is marked by a word, not by a color. */
export function diagnosisLines({ versions, paths, checks }: Diagnosis): readonly string[] {
  const pairs = (title: string, values: Readonly<Record<string, string>>) =>
    tableLines([{ title }, { title: '' }], Object.entries(values));
  return [
    ...pairs('VERSIONS', versions),
    '',
    ...pairs('PATHS', paths),
    '',
    ...tableLines(
      [{ title: 'CHECKS' }, { title: '' }, { title: '' }],
      checks.map(({ name, ok, message }) => [name, ok ? 'ok' : 'FAILED', message]),
    ),
  ];
}
