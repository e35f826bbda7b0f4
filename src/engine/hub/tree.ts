import { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';
import { headerList } from '../http/header.ts';
import { describedFile } from './described-file.ts';
import { failureOf, type HubSession, notAHub, readJson, sendFollowing } from './hub-request.ts';
import { nextPage } from './next-page.ts';
import type { RemoteFile } from './remote-file.ts';

/** A million files at the Hub's 1000 a page. */
const MAX_PAGES = 1000;
/** For all pages together. */
const MAX_CHARACTERS = 64 << 20;
const TOTAL_TIMEOUTS = 10;

/** Protocol notes A.3; here the LFS hash is called `oid`. Unknown keys are ignored. */
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    oid: z.string().nullish(),
    size: z.number().nullish(),
    lfs: z.object({ oid: z.string().nullish(), size: z.number().nullish() }).nullish(),
  }),
);

/** All files of a commit from the paged tree API. Names are not checked yet. Throws what requests throw. */
export async function listTree(
  session: HubSession,
  repo: string,
  commit: string,
  signal: AbortSignal,
): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  const seen = new Set<string>();
  let budget = MAX_CHARACTERS;
  let url: URL | null = new URL(
    `${session.endpoint.url}/api/models/${repo}/tree/${commit}?recursive=true&expand=false`,
  );
  while (url !== null) {
    if (seen.has(url.href) || seen.size >= MAX_PAGES) throw endless(session);
    seen.add(url.href);
    const page: Page = await readPage(session, url, budget, { repo, commit, signal });
    files.push(...page.files);
    budget -= page.length;
    url = page.next;
  }
  return files;
}

interface Page {
  readonly files: RemoteFile[];
  readonly length: number;
  readonly next: URL | null;
}

async function readPage(
  session: HubSession,
  url: URL,
  maxBytes: number,
  about: { readonly repo: string; readonly commit: string; readonly signal: AbortSignal },
): Promise<Page> {
  const response = await sendFollowing(session, {
    url,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
    signal: about.signal,
  });
  if (response.status !== 200) {
    throw await failureOf(session, response, { repo: about.repo, revision: about.commit });
  }
  const { value, length } = await readJson(session, response, maxBytes);
  const next = nextPage(response.url, headerList(response.headers, 'link'));
  return { files: filesOf(session, value), length, next };
}

function filesOf(session: HubSession, value: unknown): RemoteFile[] {
  const tree = treeSchema.safeParse(value);
  if (!tree.success) throw notAHub(session.endpoint, 'shape');
  return tree.data
    .filter((entry) => entry.type === 'file')
    .map(({ path, size, oid, lfs }) => {
      const description = {
        path,
        size,
        gitSha1: oid,
        isLfs: Boolean(lfs),
        sha256: lfs?.oid,
        lfsSize: lfs?.size,
      };
      const file = describedFile(session.endpoint, description);
      if (file === null) throw notAHub(session.endpoint, 'shape');
      return file;
    });
}

function endless(session: HubSession): AppError {
  const { host } = session.endpoint;
  return new AppError('ServerError', `${host} gave a list of files that does not end.`, {
    retryable: false,
    details: { host },
  });
}
