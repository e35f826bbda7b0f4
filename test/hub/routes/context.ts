import type { FaultActions } from '../faults/fault.ts';
import type { AccessRequests } from '../repositories/access-requests.ts';
import type { TokenDeclaration } from '../repositories/declaration.ts';
import { type FileFacts, type HubFile, lfsFacts } from '../repositories/hub-file.ts';
import type { RepositoryStore } from '../repositories/repository-store.ts';
import type { XetSide } from '../xet/xet-side.ts';
import type { SignedUrls } from './signed-urls.ts';

/** What every route can use. */
export interface RouteContext {
  readonly store: RepositoryStore;
  readonly tokens: Readonly<Record<string, TokenDeclaration>>;
  readonly accessRequests: AccessRequests;
  /** Own origin, without a slash at the end. */
  readonly hubUrl: string;
  readonly signedUrls: SignedUrls;
  readonly xet: XetSide;
  /** Entries of one page of a tree. */
  readonly pageSize: number;
}

/** A request as the routes see it. */
export interface RouteRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of a POST. */
  readonly text: string;
  readonly announce: FaultActions['announce'];
}

/** The Hub's data about a file in this response: the truth, unless a fault announces something else. */
export async function announcedFacts(file: HubFile, { announce }: RouteRequest): Promise<FileFacts> {
  const facts = await file.facts();
  if (announce?.file !== file.path) return facts;
  const size = announce.size ?? facts.size;
  if (facts.lfs !== null) return lfsFacts(announce.sha256 ?? facts.lfs.sha256, size);
  return { size, blobId: announce.sha256 ?? facts.blobId, lfs: null };
}
