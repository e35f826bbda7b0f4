import { setTimeout as wait } from 'node:timers/promises';
import type { HubTrial } from '../../shared/contract/commands.ts';
import type { Remedy } from '../../shared/model/remedy.ts';
import { classify } from '../errors/classify.ts';
import type { RemoteFile, RepositoryInfo } from './remote-file.ts';
import type { ListingSession } from './repository-info.ts';
import {
  accessToken,
  address,
  byName,
  listing,
  type Outcome,
  PART_BYTES,
  part,
  reconstruction,
  smallFile,
  tree,
} from './trial-requests.ts';

/** What to try. */
export interface HubTrialOptions {
  readonly repo: string;
  readonly revision: string;
  /** Milliseconds after which the same URL is requested once more. */
  readonly holdMs: number;
}

/** The consequence when Xet does not work. */
const PLAIN_HTTP =
  'Large files are downloaded over plain HTTP; parts of them can’t be checked before the whole file is there.';

/**
 * Tries each kind of request that a download makes (docs/hub-requests.md), one after the other, and reports for each
 * whether it works and what follows. Downloads about 300 KB. The result holds no secret: only the host of signed URLs
 * is included. Throws only `Cancelled`.
 */
export async function hubTrials(
  session: ListingSession,
  { repo, revision, holdMs }: HubTrialOptions,
  signal: AbortSignal,
): Promise<readonly HubTrial[]> {
  const { trials, attempt } = attempts(signal);
  const info = await attempt('list of files', 'Nothing can be downloaded from here.', () =>
    listing(session, repo, revision, signal),
  );
  await attempt(
    'tree of files',
    'A list that was cut can’t be completed. Other models work.',
    info && (() => tree(session, info, signal)),
  );
  await attempt(
    'files by name',
    'Needed only where the tree of files doesn’t work.',
    info && info.files.length > 0 && (() => byName(session, info, signal)),
  );
  const small = info && largest(info, 'git-sha1');
  await attempt(
    'small file',
    'Configuration files can’t be downloaded, and few models work without them.',
    info && small && (() => smallFile(session, info, small, signal)),
  );
  const large = info && largest(info, 'sha256');
  if (info && large) await tryLargeFile(session, info, large, holdMs, attempt, signal);
  else for (const name of LARGE_FILE) await attempt(name, '', null);
  return trials;
}

const LARGE_FILE = [
  'address of a large file',
  'one part',
  'two parts at once',
  'same address later',
  'Xet token',
  'Xet reconstruction',
] as const;

async function tryLargeFile(
  session: ListingSession,
  { repo, commit }: RepositoryInfo,
  file: RemoteFile,
  holdMs: number,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<void> {
  const at = { repo, commit, path: file.path };
  const [addressName, onePart, twoParts, later, tokenName, reconstructionName] = LARGE_FILE;
  const location = await attempt(addressName, 'Large files can’t be found.', () =>
    address(session, at, file, signal),
  );
  const last = Math.max(0, file.size - PART_BYTES);
  const parts = (...starts: number[]) => location && (() => part(session, location, file, starts, signal));
  await attempt(onePart, 'From this storage, large files come in one piece or not at all.', parts(0));
  await attempt(twoParts, 'Downloads work over one connection only.', parts(0, last), 'one-connection');
  const middle = parts(Math.floor(last / 2));
  await attempt(
    later,
    'Addresses expire early here and have to be asked for again, which takes time.',
    middle &&
      (async () => {
        await wait(holdMs, undefined, { signal });
        const { value, message } = await middle();
        return { value, message: `${message}, after ${Math.round(holdMs / 1000)} s` };
      }),
  );
  const xet = location?.xet ?? null;
  const token = await attempt(
    tokenName,
    PLAIN_HTTP,
    xet && (() => accessToken(session, xet.tokenUrl, at, signal)),
  );
  await attempt(
    reconstructionName,
    PLAIN_HTTP,
    xet && token && (() => reconstruction(session, token, xet.hash, signal)),
  );
}

/** Makes one trial. Returns null when it failed, or when there is no `work` because something it needs is missing. */
type Attempt = <T>(
  name: string,
  follows: string,
  work: (() => Promise<Outcome<T>>) | null | false | undefined,
  remedy?: Remedy,
) => Promise<T | null>;

function attempts(signal: AbortSignal): { trials: HubTrial[]; attempt: Attempt } {
  const trials: HubTrial[] = [];
  const attempt: Attempt = async (name, follows, work, remedy) => {
    if (!work) {
      const isXet = name.startsWith('Xet');
      const message = isXet ? 'Not offered for this file.' : 'Not tried: something before it is missing.';
      trials.push({ name, works: null, message, follows: '' });
      return null;
    }
    try {
      const { value, message } = await work();
      trials.push({ name, works: true, message, follows: '' });
      return value;
    } catch (error) {
      const known = classify(error);
      if (known.code === 'Cancelled' || signal.aborted) throw known;
      trials.push({
        name,
        works: false,
        message: known.message,
        follows,
        ...(remedy === undefined ? {} : { remedy }),
      });
      return null;
    }
  };
  return { trials, attempt };
}

function largest({ files }: RepositoryInfo, algorithm: RemoteFile['algorithm']): RemoteFile | null {
  const fitting = files.filter((file) => file.algorithm === algorithm && file.size > 0);
  return fitting.toSorted((one, other) => other.size - one.size)[0] ?? null;
}
