import { resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import type { CommandInput } from '../../shared/contract/commands.ts';
import { EXIT } from '../exit-codes.ts';
import type { QuantizeOptions } from '../invocation.ts';
import { planLines } from '../output/build-lines.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { followBuild } from './follow-build.ts';

/** `quantize`: builds a variant from what is on disk and waits for it, or shows the plan with `--dry-run`. */
export function runQuantize(session: Session, options: QuantizeOptions): Promise<number> {
  const args = buildArguments(options);
  if (options.dryRun) return showPlan(session, args);
  const name = `${options.reference} ${options.variant.toUpperCase()}`;
  const begin = async (engine: Engine) => (await engine.call('build.start', args)).id;
  return followBuild(session, { name, wait: options.wait === true }, begin);
}

function buildArguments(options: QuantizeOptions): CommandInput<'build.start'> {
  const { reference, variant, rule, force, revision, output, workers } = options;
  return {
    reference,
    variant,
    rule,
    force,
    ...(revision === undefined ? {} : { revision }),
    ...(output === undefined ? {} : { output: resolve(output) }),
    ...(workers === undefined ? {} : { workers }),
  };
}

function showPlan(session: Session, args: CommandInput<'build.plan'>): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const plan = await engine.call('build.plan', args);
    if (session.global.json) printJson(session.io.stdout, plan);
    else for (const line of planLines(plan)) printLine(session, line);
    return EXIT.done;
  });
}
