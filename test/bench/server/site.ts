import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineConditions } from '../../hub/conditions/conditions.ts';
import type { RepositoryDeclaration } from '../../hub/repositories/declaration.ts';
import type { XetDeclaration } from '../../hub/xet/declaration.ts';
import { findProgram } from '../contestants/programs.ts';
import type { HubSetup } from './hub-setup.ts';
import type { SourceFile } from './make-file.ts';
import { startNginx } from './nginx.ts';
import { startHubProcess } from './start-hub.ts';

/** A repository with files on disk: path in the repository → file. */
export interface SiteRepository {
  readonly id: string;
  readonly files: Readonly<Record<string, SourceFile>>;
  /** How the files lie in Xet storage; absent when they do not. */
  readonly xet?: XetDeclaration;
}

/** A Hub and the server of its contents. */
export interface Site extends AsyncDisposable {
  readonly hubUrl: string;
  /** Who sends the content. */
  readonly server: 'nginx' | 'local Hub';
  /** Bytes of content sent since the last call. */
  takeSentBytes(): Promise<number>;
}

/** A site with adjustable network conditions and a log of its requests. */
export interface HubSite extends Site {
  /** Bytes of content sent since the site was opened, and transfers that are under way. */
  progress(): Promise<{ readonly sentBytes: number; readonly running: number }>;
  /** Changes the line at once. */
  setLine(conditions: Partial<LineConditions>): Promise<void>;
  /** When the first request for content since `since` came, both in milliseconds since the epoch; null without one. */
  firstContentAt(since: number): Promise<number | null>;
}

/** The longest validity that a signed URL is given here; nobody renews it in the middle of a run. */
const SIGNED_SECONDS = 86_400;

/** A site as fast as this machine: nginx behind the local Hub where it is installed, else the local Hub alone. */
export async function openFastSite(repositories: readonly SiteRepository[], folder: string): Promise<Site> {
  const program = await findProgram('nginx');
  if (program === null) return openHubSite(repositories, {});
  const home = await mkdtemp(join(folder, 'nginx-'));
  const root = join(home, 'root');
  await mkdir(root);
  const nginx = await startNginx(program, root, home);
  const redirects: Record<string, string> = {};
  const expires = Math.floor(Date.now() / 1000) + SIGNED_SECONDS;
  for (const { id, files } of repositories) {
    for (const [path, { file, sha256 }] of Object.entries(files)) {
      const name = `${id.replace('/', '-')}-${path}-${sha256.slice(0, 16)}`;
      await symlink(file, join(root, name));
      redirects[`${id}/${path}`] =
        `${nginx.url}/${name}?Expires=${expires}&Signature=local&Key-Pair-Id=LOCAL`;
    }
  }
  const hub = await startHubProcess({ repositories: repositories.map(declared), redirects });
  return {
    hubUrl: hub.url,
    server: 'nginx',
    takeSentBytes: () => nginx.takeSentBytes(),
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      await nginx[Symbol.asyncDispose]();
    },
  };
}

/** A site with the given network conditions: the local Hub sends the content. */
export async function openHubSite(
  repositories: readonly SiteRepository[],
  line: Partial<Pick<HubSetup, 'conditions' | 'crowding' | 'seed'>>,
): Promise<HubSite> {
  const hub = await startHubProcess({ repositories: repositories.map(declared), ...line });
  let taken = 0;
  return {
    hubUrl: hub.url,
    server: 'local Hub',
    async takeSentBytes() {
      const before = taken;
      taken = (await hub.ask({ since: 0 })).contentBytes;
      return taken - before;
    },
    async progress() {
      const { contentBytes, running } = await hub.ask({ since: 0 });
      return { sentBytes: contentBytes, running };
    },
    setLine: async (conditions) => void (await hub.ask({ conditions, since: 0 })),
    firstContentAt: async (since) => (await hub.ask({ since })).firstContentAt,
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

function declared({ id, files, xet }: SiteRepository): RepositoryDeclaration {
  return {
    id,
    files: Object.entries(files).map(([path, { file, sha256 }]) => ({
      path,
      kind: 'disk',
      file,
      lfs: true,
      hash: sha256,
      ...(xet === undefined ? {} : { xet }),
    })),
  };
}
