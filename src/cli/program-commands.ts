import { type Command, Option } from 'commander';
import { AppError } from '../shared/contract/errors.ts';
import { PRECISIONS, type Precision } from '../shared/model/catalog.ts';
import { PROFILES, type Profile } from '../shared/model/download.ts';
import { REPOSITORY_TYPES, type RepositoryType, repositoryName } from '../shared/model/repository.ts';
import { TRANSPORT_CHOICES, type TransportChoice } from '../shared/model/transport.ts';
import { addAccountCommands } from './account-commands.ts';
import { addCompletion } from './completion-command.ts';
import type { DownloadOptions, Installed, Invocation } from './invocation.ts';
import {
  collectPeer,
  parseChunkSize,
  parseFrom,
  parseHold,
  parseId,
  parsePeers,
  parsePrecision,
  parseProfile,
  parseReference,
  parseText,
  parseTransport,
  parseType,
  parseVariant,
  parseWorkers,
} from './option-values.ts';
import { addQuantize } from './quantize-command.ts';
import { parseRevision, REFERENCE, REVISION } from './reference-arguments.ts';
import { addSearch } from './search-command.ts';
import { addServe } from './serve-command.ts';
import { addSteeringCommands } from './steering-commands.ts';
import { type RawTransfer, transferOptions, withTransferOptions } from './transfer-options.ts';
import { addUpkeepCommands, collectReferences } from './upkeep-commands.ts';

const MAX_GLOB_LENGTH = 1000;
const MAX_FOLDER_LENGTH = 4000;
const MAX_ASSUME_LENGTH = 200;

type Choose = (invocation: Invocation) => void;

/** Adds every command of the published interface to `program`; the one that is used is passed to `choose`. */
export function addCommands(program: Command, choose: Choose): void {
  addCatalogCommands(program, choose);
  addSearch(program, choose);
  addDownload(program, choose);
  addQuantize(program, choose);
  addLedgerCommands(program, choose);
  addSteeringCommands(program, choose);
  addLibraryCommands(program, choose);
  addUpkeepCommands(program, choose);
  addServe(program, choose);
  addAccountCommands(program, choose);
  addCompletion(program, choose);
  program
    .command('doctor')
    .description(
      'check paths, free space, the download record, and the connection to Hugging Face; exit code 1 when a check fails',
    )
    .option('--hub [repo]', 'try each kind of request of a download with Hugging Face or the mirror in use')
    .option('--hold <seconds>', 'with --hub: how long to keep an address before using it again', parseHold)
    .action(({ hub, hold }: { hub?: string | true; hold?: number }) =>
      choose({
        command: 'doctor',
        ...(hub === undefined ? {} : { hub }),
        ...(hold === undefined ? {} : { holdSeconds: hold }),
      }),
    );
}

function addCatalogCommands(program: Command, choose: Choose): void {
  program
    .command('catalog')
    .description('list models with their variants and sizes, and which variant suits this computer')
    .action(() => choose({ command: 'catalog' }));
  program
    .command('hardware')
    .description('show chip and memory, and how well each variant would run')
    .option('--assume <machine>', 'answer for another computer, such as "Apple M3 Pro,18GB"', parseAssume)
    .action((options: { assume?: string }) => choose({ command: 'hardware', ...options }));
}

const parseAssume = parseText('--assume', MAX_ASSUME_LENGTH);

interface RawDownload extends RawTransfer {
  readonly variant: 'auto' | Precision;
  readonly revision?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly profile?: Profile;
  readonly workers?: number;
  readonly transport?: TransportChoice;
  readonly peers?: 'on' | 'off';
  readonly peer?: readonly string[];
  readonly chunkSize?: number;
  readonly from?: Readonly<Record<string, string>>;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  readonly make?: Precision;
  readonly localDir?: string;
  readonly type?: RepositoryType;
  readonly repoType?: RepositoryType;
}

function addDownload(program: Command, choose: Choose): void {
  const command = program
    .command('download')
    .description('download a model and verify it; resumes where an earlier attempt stopped')
    .argument('<ref>', REFERENCE, parseReference)
    .argument('[files...]', 'only these files, by their paths in the repository')
    .addOption(
      new Option('--variant <precision>', `one of auto, ${PRECISIONS.join(', ')}`)
        .default('auto')
        .argParser(parseVariant),
    )
    .option('--revision <revision>', REVISION, parseRevision)
    .option('--include <glob>', 'only files that match (may be repeated)', collect('--include'))
    .option('--exclude <glob>', 'no files that match (may be repeated)', collect('--exclude'))
    .option('--profile <profile>', `kind of connection: one of ${PROFILES.join(', ')}`, parseProfile)
    .option('--workers <n>', 'fixed number of connections', parseWorkers)
    .option(
      '--transport <transport>',
      `how to download: one of ${TRANSPORT_CHOICES.join(', ')}`,
      parseTransport,
    )
    .option('--peers <on|off>', 'whether to also download from other computers on this network', parsePeers)
    .option('--peer <url>', 'another computer that may have it (may be repeated)', collectPeer)
    .option('--chunk-size <size>', 'unit of hashing and resuming, such as 50MiB', parseChunkSize)
    .option(
      '--from <file=partial>',
      'reuse an unfinished file of another tool (may be repeated)',
      collectFrom,
    )
    .option('--make <precision>', 'make this variant from it after the download', parsePrecision)
    .option('--detach', 'leave it to a background process, or to the program that is already running')
    .option('--dry-run', 'show what would be downloaded, and download nothing');
  command
    .addOption(
      new Option('--type <type>', `kind of repository: one of ${REPOSITORY_TYPES.join(', ')}`).argParser(
        parseType,
      ),
    )
    .addOption(new Option('--repo-type <type>').argParser(parseType).hideHelp())
    .option(
      '--local-dir <dir>',
      'put the files into this folder instead of the cache; hf can continue there',
      parseText('--local-dir', MAX_FOLDER_LENGTH),
    );
  withTransferOptions(command).action((reference: string, files: readonly string[], raw: RawDownload) =>
    choose({ command: 'download', ...downloadOptions(reference, files, raw) }),
  );
}

const collect = (option: string) => {
  const parse = parseText(option, MAX_GLOB_LENGTH);
  return (value: string, before: readonly string[] = []) => [...before, parse(value)];
};

function collectFrom(
  value: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [file, partial] = parseFrom(value);
  if (Object.hasOwn(before, file)) {
    throw new AppError('BadRequest', `--from names "${file}" twice: one partial for each file is allowed.`);
  }
  return Object.fromEntries([...Object.entries(before), [file, partial]]);
}

function downloadOptions(reference: string, files: readonly string[], raw: RawDownload): DownloadOptions {
  return {
    reference: ofType(reference, raw.type ?? raw.repoType),
    ...(files.length === 0 ? {} : { files }),
    variant: raw.variant,
    include: raw.include ?? [],
    exclude: raw.exclude ?? [],
    from: raw.from ?? {},
    dryRun: raw.dryRun === true,
    ...(raw.detach === true ? { detach: true } : {}),
    ...(raw.make === undefined ? {} : { make: raw.make }),
    ...(raw.localDir === undefined ? {} : { localDir: raw.localDir }),
    ...(raw.revision === undefined ? {} : { revision: raw.revision }),
    ...(raw.profile === undefined ? {} : { profile: raw.profile }),
    ...(raw.workers === undefined ? {} : { workers: raw.workers }),
    ...(raw.transport === undefined ? {} : { transport: raw.transport }),
    ...peerOptions(raw),
    ...(raw.chunkSize === undefined ? {} : { chunkSizeBytes: raw.chunkSize }),
    ...transferOptions(raw),
  };
}

/** Applies `--type` to an id. A URL, and a name with its kind, contain it already; they must not contradict it. */
function ofType(reference: string, type: RepositoryType | undefined): string {
  if (type === undefined || type === 'model') return reference;
  if (/^[^/\s:]+\/[^/\s:]+\/?$/.test(reference)) return repositoryName({ type, id: reference });
  if (reference.includes(`${type}s/`)) return reference;
  throw new AppError('BadRequest', `--type ${type} needs a repository: org/name.`);
}

function peerOptions({
  peers,
  peer,
}: Pick<RawDownload, 'peers' | 'peer'>): Pick<DownloadOptions, 'peers' | 'namedPeers'> {
  if (peers === 'off' && peer !== undefined) {
    throw new AppError('BadRequest', '--peers off and --peer exclude each other.');
  }
  return { ...(peers === undefined ? {} : { peers }), ...(peer === undefined ? {} : { namedPeers: peer }) };
}

function addLedgerCommands(program: Command, choose: Choose): void {
  program
    .command('status')
    .description('list all downloads with their files, chunks, state, and reason')
    .action(() => choose({ command: 'status' }));
  const resume = program
    .command('resume')
    .description('resume one download, or all')
    .argument('[id]', 'id of a download, or its first characters', parseId);
  withTransferOptions(resume).action((id: string | undefined, raw: RawTransfer) =>
    choose({ command: 'resume', ...(id === undefined ? {} : { id }), ...transferOptions(raw) }),
  );
  program
    .command('cancel')
    .description('cancel a download and delete its unfinished files')
    .argument('<id>', 'id of a download, or its first characters', parseId)
    .option('--keep-partial', 'keep the unfinished files for later')
    .action((id: string, raw: { keepPartial?: boolean }) =>
      choose({ command: 'cancel', id, keepPartial: raw.keepPartial === true }),
    );
}

interface RawInstalled {
  readonly revision?: string;
  readonly variant?: Precision;
  readonly againstSource?: boolean;
  readonly quick?: boolean;
  readonly repair?: boolean;
}

function addLibraryCommands(program: Command, choose: Choose): void {
  const installed = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument('<ref>', REFERENCE, parseReference)
      .option('--revision <revision>', REVISION, parseRevision)
      .option('--variant <precision>', 'one variant; one that was made here comes first', parsePrecision);
  program
    .command('list')
    .description('list all models in the cache, whichever tool downloaded them')
    .action(() => choose({ command: 'list' }));
  installed('verify', 'check installed files against their checksums; exit code 5 when one is damaged')
    .option('--quick', 'check sizes and headers only')
    .option('--repair', 'download what is damaged again, and only that')
    .option('--against-source', 'make the variant again in memory, and compare')
    .action((reference: string, { quick, repair, againstSource, ...rest }: RawInstalled) =>
      choose({
        command: 'verify',
        reference,
        ...rest,
        quick: quick === true,
        repair: repair === true,
        againstSource: againstSource === true,
      }),
    );
  program
    .command('remove')
    .description('delete models from the cache, and keep files that other models share')
    .argument('<refs...>', REFERENCE, collectReferences)
    .option('--revision <revision>', REVISION, parseRevision)
    .option('--variant <precision>', 'one variant; one that was made here comes first', parsePrecision)
    .action((references: readonly string[], { revision, variant }: RawInstalled) =>
      choose({
        command: 'remove',
        references,
        ...(revision === undefined ? {} : { revision }),
        ...(variant === undefined ? {} : { variant }),
      }),
    );
  installed('path', 'print the snapshot folder').action((reference: string, raw: RawInstalled) =>
    choose({ command: 'path', ...installedOf(reference, raw) }),
  );
}

function installedOf(reference: string, { revision, variant }: RawInstalled): Installed {
  return {
    reference,
    ...(revision === undefined ? {} : { revision }),
    ...(variant === undefined ? {} : { variant }),
  };
}
