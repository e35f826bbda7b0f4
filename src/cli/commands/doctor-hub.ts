import type { HubDiagnosis } from '../../shared/contract/commands.ts';
import { EXIT } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { failureWords } from '../output/failure-words.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { type Session, withEngine } from '../session.ts';

type HubDoctor = Extract<Invocation, { command: 'doctor' }>;

/** `doctor --hub [REPO]`: exit code 0 when nothing failed, else 1. */
export function runHubDoctor(session: Session, { hub, holdSeconds }: HubDoctor): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const diagnosis = await engine.call('doctor.hub', {
      ...(typeof hub === 'string' ? { reference: hub } : {}),
      ...(holdSeconds === undefined ? {} : { holdSeconds }),
    });
    if (session.global.json) printJson(session.io.stdout, diagnosis);
    else for (const line of hubDiagnosisLines(diagnosis)) printLine(session, line);
    return diagnosis.ok ? EXIT.done : EXIT.internal;
  });
}

/** One line for each kind of request, and below it the consequences if one failed. */
export function hubDiagnosisLines({ endpoint, repo, trials }: HubDiagnosis): readonly string[] {
  const rows = trials.map(({ name, works, message, follows, remedy }) => [
    name,
    works === null ? '-' : works ? 'works' : 'FAILED',
    follows === ''
      ? message
      : failureWords({ message: `${message} ${follows}`, details: remedy === undefined ? {} : { remedy } }),
  ]);
  return [
    `${endpoint} with ${repo}`,
    '',
    ...tableLines([{ title: 'REQUEST' }, { title: '' }, { title: '' }], rows),
  ];
}
