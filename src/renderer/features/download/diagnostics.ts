import type { AppInfo } from '../../../shared/contract/app-commands.ts';
import type { DownloadStats, DownloadView } from '../../../shared/model/download.ts';
import type { DownloadInspection } from '../../../shared/model/inspection.ts';
import { countChunks } from './count-chunks.ts';
import { eventWords } from './event-words.ts';

/** Inputs of {@link diagnosticsText}. */
export interface DiagnosticsInput {
  readonly name: string;
  readonly view: DownloadView;
  readonly inspection: DownloadInspection | null;
  readonly app: AppInfo | null;
  /** ISO time. */
  readonly time: string;
}

/**
 * Returns plain text to paste into a report: versions, state, files, connections, events. No token, no signed URL: the
 * query of a URL and whatever looks like a token are removed, and the home folder is written `~`.
 */
export function diagnosticsText({ name, view, inspection, app, time }: DiagnosticsInput): string {
  const blocks = [
    [`Haulyard diagnostics, ${time}`, ...(app ? appLines(app) : [])],
    downloadLines(name, view, inspection?.stats ?? view.stats),
    view.error === null ? [] : errorLines(view.error),
    view.files.map((file) => fileLine(file, inspection)),
    inspection?.streams.map(
      (stream) =>
        `connection ${stream.host}: ${stream.path} chunk ${stream.chunk}, ${Math.round(stream.bytesPerSecond)} bytes/s, silent ${stream.silentSeconds} s`,
    ) ?? [],
    inspection?.events.flatMap((event) => {
      const text = eventWords(event);
      return text === null ? [] : [`${event.time} ${event.event}: ${text}`];
    }) ?? [],
  ];
  return redacted(
    blocks
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  );
}

function appLines({ version, platform, arch, endpoint, cacheDir, proxy }: AppInfo): string[] {
  return [
    `version ${version}, ${platform} ${arch}`,
    `endpoint ${endpoint}`,
    `cache ${cacheDir}`,
    `proxy ${proxy === null ? 'none' : 'set'}`,
  ];
}

function downloadLines(name: string, view: DownloadView, stats: DownloadStats): string[] {
  const waits = [view.waitReason, view.retryAt && `until ${view.retryAt}`].filter(Boolean).join(' ');
  return [
    `${name}: ${view.repo} at ${view.revision} (${view.commit ?? 'no commit yet'})`,
    `state ${view.state}${waits === '' ? '' : `, ${waits}`}${view.reason === null ? '' : `: ${view.reason}`}`,
    `bytes ${view.receivedBytes} received, ${view.verifiedBytes} verified, ${view.totalBytes} in all; chunks ${view.chunksDone} of ${view.chunksTotal}`,
    `speed ${Math.round(view.bytesPerSecond)} bytes/s on ${view.streams} connections`,
    `active ${Math.round(stats.seconds)} s; downloaded ${stats.downloadedBytes}, reused ${stats.rescuedBytes}, downloaded again ${stats.wastedBytes}; ${stats.retries} retries`,
  ];
}

function errorLines({ code, message, details }: NonNullable<DownloadView['error']>): string[] {
  return [
    `error ${code}: ${message}`,
    ...Object.entries(details).map(([key, value]) => `  ${key}: ${value}`),
  ];
}

function fileLine(file: DownloadView['files'][number], inspection: DownloadInspection | null): string {
  const seen = inspection?.files.find(({ path }) => path === file.path);
  const chunks = seen
    ? Object.entries(countChunks(seen.chunkRuns))
        .filter(([, count]) => count > 0)
        .map(([state, count]) => `${count} ${state}`)
        .join(', ')
    : `${file.chunksDone} of ${file.chunksTotal} chunks`;
  const found =
    seen?.foundHash == null ? 'not hashed yet' : seen.foundHash === file.hash ? 'matches' : seen.foundHash;
  return `${file.path}: ${file.receivedBytes} of ${file.size} bytes; ${chunks}; ${file.algorithm} ${file.hash}: ${found}`;
}

/** Tokens of the Hub begin with `hf_`; signed URLs have their signature in the query. */
function redacted(text: string): string {
  return text
    .replaceAll(/\bhf_[A-Za-z0-9]{4,}/g, 'hf_…')
    .replaceAll(/\bBearer\s+\S+/gi, 'Bearer …')
    .replaceAll(/(https?:\/\/)[^\s/@]+@/g, '$1…@')
    .replaceAll(/(https?:\/\/[^\s?#"”]+)[?#][^\s"”]*/g, '$1?…')
    .replaceAll(/(\/Users|\/home)\/[^/\s:]+/g, '~');
}
