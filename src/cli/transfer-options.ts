import type { Command } from 'commander';
import type { TransferOptions } from './invocation.ts';
import { parseGiveUpAfter, parseLimit } from './option-values.ts';

/** As collected by commander: absent keys were not given. */
export interface RawTransfer {
  readonly limit?: number;
  readonly giveUpAfter?: number;
  readonly tokenStdin?: boolean;
  readonly acceptChanged?: boolean;
  readonly wait?: boolean;
}

/** Adds the options of every command that downloads. */
export function withTransferOptions(command: Command): Command {
  return command
    .option('--limit <speed>', 'speed limit for this run, such as 5MB/s', parseLimit)
    .option('--token-stdin', 'read the access token from the first line of standard input')
    .option(
      '--accept-changed',
      'continue even if the model is not what the catalog says, or its history was rewritten',
    )
    .option('--wait', 'wait for free space, or for a disk to be connected, even without a terminal')
    .option('--give-up-after <seconds>', 'give up after this long without progress', parseGiveUpAfter);
}

/** Returns those options, as they were given. */
export function transferOptions(raw: RawTransfer): TransferOptions {
  return {
    ...(raw.limit === undefined ? {} : { limitBytesPerSecond: raw.limit }),
    ...(raw.giveUpAfter === undefined ? {} : { giveUpAfterMs: raw.giveUpAfter }),
    tokenStdin: raw.tokenStdin === true,
    acceptChanged: raw.acceptChanged === true,
    ...(raw.wait === true ? { wait: true } : {}),
  };
}
