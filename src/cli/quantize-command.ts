import { type Command, Option } from 'commander';
import { ROUNDING_RULES, type RoundingRule } from '../shared/model/build.ts';
import { PRECISIONS, type Precision } from '../shared/model/catalog.ts';
import type { Invocation } from './invocation.ts';
import { parsePrecision, parseReference, parseRule, parseText, parseWorkers } from './option-values.ts';
import { parseRevision, REFERENCE, REVISION } from './reference-arguments.ts';

const MAX_FOLDER_LENGTH = 4000;

interface RawQuantize {
  readonly variant: Precision;
  readonly revision?: string;
  readonly output?: string;
  readonly rule: RoundingRule;
  readonly workers?: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Adds `quantize`. */
export function addQuantize(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('quantize')
    .description('make a smaller variant from a model on disk, without a download')
    .argument('<ref>', REFERENCE, parseReference)
    .addOption(
      new Option('--variant <precision>', `one of ${PRECISIONS.join(', ')}`)
        .argParser(parsePrecision)
        .makeOptionMandatory(),
    )
    .option('--revision <revision>', REVISION, parseRevision)
    .option('--output <folder>', 'folder above org/name-variant', parseText('--output', MAX_FOLDER_LENGTH))
    .addOption(
      new Option('--rule <rule>', `rounding: one of ${ROUNDING_RULES.join(', ')}`)
        .default('metal')
        .argParser(parseRule),
    )
    .option('--workers <n>', 'fixed number of threads', parseWorkers)
    .option('--force', 'replace what was made before')
    .option('--wait', 'wait for free space, or for a disk to be connected, even without a terminal')
    .option('--dry-run', 'show the plan, and make nothing')
    .action((reference: string, raw: RawQuantize) =>
      choose({
        ...raw,
        command: 'quantize',
        reference,
        force: raw.force === true,
        dryRun: raw.dryRun === true,
      }),
    );
}
