import { AppError } from '../../shared/contract/errors.ts';
import type { XetAnnouncement } from '../hub/remote-file.ts';
import type { FileRow } from '../ledger/files.ts';
import { HttpSource } from '../sources/http/http-source.ts';
import { SignedUrlCache } from '../sources/http/signed-url-cache.ts';
import { SeveralSources } from '../sources/several/several-sources.ts';
import type { ContentSource } from '../sources/source.ts';
import { SwitchingSource } from '../sources/switching-source.ts';
import type { XetClient } from '../sources/xet/protocol/xet-client.ts';
import { XetSource } from '../sources/xet/transport/xet-source.ts';
import type { ContentTask } from './content-task.ts';
import type { DownloadContext } from './context.ts';

/** Where a content can be downloaded, and access to its storage. */
export interface OpenedSource {
  readonly source: ContentSource;
  /**
   * Requests to Xet storage; resolves to null when the Hub does not report the content as being there. Asks the Hub if
   * necessary.
   */
  readonly openXetClient: (signal: AbortSignal) => Promise<XetClient | null>;
}

/** Creates the source of a content. Nothing is requested before the first use. */
export function openSource(task: ContentTask, context: DownloadContext): OpenedSource {
  const { repo, commit, transport: choice, files } = task;
  const [file] = files;
  const { path, size } = file;
  const { hub, clock, dispatcher, userAgent, hasher, log, transportJudge: judge } = context;
  let announced: XetAnnouncement | null = null;
  const urls = new SignedUrlCache(async (signal) => {
    const location = await hub.locate({ repo, commit, path }, signal);
    requireSameContent(location, file);
    announced = location.xet;
    return location;
  }, clock.now);
  const openXetClient = async (signal: AbortSignal) => {
    if (announced === null) await urls.get(signal);
    return announced && context.xetClient({ repo, commit, path }, size, announced);
  };
  const finderHost = hub.endpoint.host;
  const session = { dispatcher, userAgent };
  const http = new HttpSource({ path, size }, urls, {
    ...session,
    hubHost: finderHost,
    authorizationFor: (url) => hub.authorizationFor(url),
  });
  const xet = new XetSource({
    openClient: openXetClient,
    session,
    finderHost,
    path,
    decode: (batch, out) => hasher.decode(batch, out),
    buffers: context.decodeBuffers,
    isSecure: hub.endpoint.url.startsWith('https:'),
    now: clock.monotonic,
  });
  const isInXet = () => announced !== null;
  const ofHub = new SwitchingSource({
    http,
    xet,
    isInXet,
    choice,
    judge,
    now: clock.monotonic,
    log,
    path,
  });
  const source = withPeers(ofHub, task, context);
  return { source, openXetClient };
}

/** The Hub's source, and the peers that have the content whenever there are any. */
function withPeers(hub: ContentSource, task: ContentTask, context: DownloadContext): ContentSource {
  const { peers: choice, files } = task;
  if (!choice.found && choice.named.length === 0) return hub;
  const { clock, log, peers, sourcePaces: paces, hostBackoff } = context;
  const [{ path, hash, size }] = files;
  return new SeveralSources({
    hub,
    peers: () => peers.holders({ path, hash, size }, choice),
    paces,
    mayAsk: (host) => hostBackoff.waitMs(host) === 0,
    now: clock.monotonic,
    log,
    path,
  });
}

/** Size and hash are compared again each time the URL is renewed: the path may have a different content by then. */
function requireSameContent(location: { size: number | null; hash: string | null }, file: FileRow): void {
  const { size, hash } = location;
  if ((size === null || size === file.size) && (hash === null || hash === file.hash)) return;
  throw new AppError(
    'ChangedUpstream',
    `${file.path} changed on the server although the commit is the same. Your progress is saved. ` +
      'If you trust the change, cancel this download and start it again.',
    { details: { expected: file.hash, otherChecksum: file.path } },
  );
}
