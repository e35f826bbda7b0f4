import type { Configuration } from 'electron-builder';
import { majorVersion } from '../electron-dist/dist.ts';

/** What decides how a package is made. */
export interface PackageInput {
  /** Only the folder with the app, no installers. */
  readonly dirOnly: boolean;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The Electron at hand. */
  readonly dist: { readonly folder: string; readonly version: string };
  /** The Electron that the app is made for. */
  readonly wantedVersion: string;
}

/** What goes beyond `electron-builder.yml`, and what the user is to know. */
export interface PackagePlan {
  readonly config: Configuration;
  readonly warnings: readonly string[];
  /** Fuses of `electron-builder.yml` that this Electron does not have; setting one would fail. */
  readonly unknownFuses: ReadonlyArray<keyof NonNullable<Configuration['electronFuses']>>;
}

/** Electrons before this one do not have the fuse `grantFileProtocolExtraPrivileges` (https://www.electronjs.org/docs/latest/tutorial/fuses). */
const FILE_PROTOCOL_FUSE_SINCE = 29;

/** Throws with a sentence when a package for others would be made of the wrong Electron. */
export function packagePlan(input: PackageInput): PackagePlan {
  const { dirOnly, platform, dist, wantedVersion } = input;
  const isWanted = dist.version === wantedVersion;
  if (!dirOnly && !isWanted) {
    throw new Error(
      `Electron ${dist.version} is at hand, but packages are made of ${wantedVersion}. Make one to try with: npm run package -- --dir. ` +
        'Or let the official Electron be downloaded, for instance through ELECTRON_MIRROR.',
    );
  }
  const signing = platform === 'darwin' ? macSigning(input.environment) : { config: {}, warnings: [] };
  const older = isWanted ? { config: {}, unknownFuses: [] } : olderElectron(dist.version);
  return {
    config: {
      ...signing.config,
      ...older.config,
      // Installers of macOS are for two processors: electron-builder fetches an Electron for each.
      ...(dirOnly || platform !== 'darwin' ? { electronDist: dist.folder } : {}),
    },
    warnings: [...signing.warnings, ...(isWanted ? [] : [lookingOnly(dist.version, wantedVersion)])],
    unknownFuses: older.unknownFuses,
  };
}

function lookingOnly(version: string, wantedVersion: string): string {
  return `This package has Electron ${version} inside and not ${wantedVersion}: it is for looking at only, and must not be given to anybody.`;
}

function olderElectron(version: string): Pick<PackagePlan, 'config' | 'unknownFuses'> {
  const lacksFuse = majorVersion(version) < FILE_PROTOCOL_FUSE_SINCE;
  return {
    config: { electronVersion: version },
    unknownFuses: lacksFuse ? ['grantFileProtocolExtraPrivileges'] : [],
  };
}

/** Without a certificate an app can be signed for the Mac it was built on, where the hardened runtime would refuse its own libraries. */
function macSigning(environment: NodeJS.ProcessEnv): Pick<PackagePlan, 'config' | 'warnings'> {
  if (environment.CSC_LINK || environment.CSC_NAME) return { config: {}, warnings: [] };
  return {
    config: { mac: { identity: '-', hardenedRuntime: false } },
    warnings: [
      'No certificate (CSC_LINK or CSC_NAME): signed ad hoc, without the hardened runtime, for this Mac.',
    ],
  };
}
