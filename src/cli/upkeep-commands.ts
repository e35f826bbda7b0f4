import type { Command } from 'commander';
import type { Invocation, TransferOptions } from './invocation.ts';
import { parseReference, parseText } from './option-values.ts';
import { REFERENCE } from './reference-arguments.ts';
import { type RawTransfer, transferOptions, withTransferOptions } from './transfer-options.ts';

const MAX_FOLDER_LENGTH = 4000;

/** Adds the commands that keep the library small and up to date. */
export function addUpkeepCommands(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('outdated')
    .description('list models that have a newer version on Hugging Face, with the size of the change')
    .argument('[refs...]', REFERENCE, collectReferences)
    .action((references: readonly string[]) =>
      choose({ command: 'outdated', ...(references.length === 0 ? {} : { references }) }),
    );
  const update = program
    .command('update')
    .description('download the changes of one model, or of all outdated ones; the old version stays')
    .argument('[ref]', REFERENCE, parseReference);
  withTransferOptions(update).action((reference: string | undefined, raw: RawTransfer) =>
    choose({ command: 'update', ...updateOptions(reference, transferOptions(raw)) }),
  );
  program
    .command('relocate')
    .description('move a model to another cache folder, such as one on another disk, and leave a link')
    .argument('<ref>', REFERENCE, parseReference)
    .argument('<dir>', 'the cache folder to move to', parseText('DIR', MAX_FOLDER_LENGTH))
    .action((reference: string, to: string) => choose({ command: 'relocate', reference, to }));
  program
    .command('prune')
    .description('remove what is no longer needed: old versions, unfinished files, broken links')
    .option('--dry-run', 'show what would be freed, and remove nothing')
    .action(({ dryRun }: { dryRun?: boolean }) => choose({ command: 'prune', dryRun: dryRun === true }));
}

function updateOptions(reference: string | undefined, transfer: TransferOptions) {
  return { ...(reference === undefined ? {} : { reference }), ...transfer };
}

/** Several references, each checked. */
export function collectReferences(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseReference(value)];
}
