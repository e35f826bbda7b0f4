import type { ServedRequest } from '../../engine/hub-server/serve-cache.ts';
import type { SharedFiles } from '../../engine/hub-server/shared-files.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { visibleText } from '../../shared/format/visible-text.ts';

/** Longer targets and names of clients are truncated in the log. */
const MAX_LOGGED = 300;
const NAMES_SHOWN = 5;

/** What is printed when sharing begins. */
export interface Sharing {
  readonly shared: SharedFiles;
  /** Models in the cache that are not shared. */
  readonly notShared: readonly string[];
  readonly urls: readonly string[];
  readonly isLan: boolean;
  readonly hasSecret: boolean;
  /** A secret that was just generated, and that nobody else knows. */
  readonly newSecret: string | null;
}

/** For people. */
export function sharingLines(sharing: Sharing): readonly string[] {
  const { shared, notShared, urls, isLan, hasSecret, newSecret } = sharing;
  const [url = ''] = urls;
  const count = shared.repositories.size;
  const what = count === 1 ? '1 model' : `${count} models`;
  const reach = isLan
    ? `Machines on this network can connect${hasSecret ? ' with the secret' : ', and need no password'}.`
    : 'Only this machine can connect; --lan lets others.';
  return [
    `Sharing ${what}, ${formatBytes(shared.bytes)}. ${reach}`,
    `Address: ${urls.join(' ')}`,
    ...(newSecret === null ? [] : [`Secret: ${newSecret}`]),
    `Hugging Face tools download from here with HF_ENDPOINT=${url}${hasSecret ? ' HF_TOKEN=SECRET' : ''}`,
    ...(notShared.length === 0 ? [] : [notSharedLine(notShared)]),
  ];
}

function notSharedLine(repos: readonly string[]): string {
  const names = repos.slice(0, NAMES_SHOWN).map(visibleText).join(', ');
  const rest = repos.length > NAMES_SHOWN ? ` and ${repos.length - NAMES_SHOWN} more` : '';
  return `Not shared: ${names}${rest}. A model is shared when anybody may read it and Haulyard has checked it; haulyard download REF does that.`;
}

/** The first line with `--json`. */
export function sharingJson(sharing: Sharing, time: string): unknown {
  const { shared, notShared, urls, newSecret } = sharing;
  const models = [...shared.repositories].map(([repo, { commits }]) => ({
    repo,
    commits: [...commits.values()].map(({ commit, files }) => ({ commit, files: files.size })),
  }));
  const secret = newSecret === null ? {} : { secret: newSecret };
  return { event: 'serving', time, urls, ...secret, models, bytes: shared.bytes, notShared };
}

/**
 * A line of the access log. What a client sends about itself is truncated, and can't move the cursor or change the
 * reading direction.
 */
export function requestLine(request: ServedRequest, time: string): string {
  const { method, status, bytes, milliseconds, isWhole } = request;
  const end = isWhole ? '' : ' (cut)';
  const client = addressOf(request);
  const asked = `${logged(method)} ${logged(request.target)}`;
  return `${time} ${client} ${asked} ${status ?? '-'} ${formatBytes(bytes)} ${milliseconds} ms “${logged(request.userAgent)}”${end}`;
}

/** The same with `--json`. */
export function requestJson(request: ServedRequest, time: string): unknown {
  const { method, target, userAgent, status, bytes, milliseconds, isWhole } = request;
  return {
    event: 'request',
    time,
    client: addressOf(request),
    method,
    target: target.slice(0, MAX_LOGGED),
    status,
    bytes,
    milliseconds,
    isWhole,
    userAgent: userAgent.slice(0, MAX_LOGGED),
  };
}

const logged = (text: string): string => visibleText(text.slice(0, MAX_LOGGED));

/** IPv4 clients of a server that listens on IPv6 as well look like `::ffff:192.168.1.5`. */
const addressOf = ({ client }: ServedRequest): string => client.replace(/^::ffff:(?=\d+\.)/, '');
