/** What everybody downloads in a run. */
export interface Target {
  /** Origin of the Hub. */
  readonly hubUrl: string;
  /** `org/name`. */
  readonly repo: string;
  /** Path inside the repository. */
  readonly path: string;
  /** The resolve URL, which redirects to the content. */
  readonly url: string;
  readonly sha256: string;
  /** An empty folder for this run. */
  readonly folder: string;
  /** Piece size for those that can choose one; null for the usual one. */
  readonly pieceBytes: number | null;
  /**
   * True on a bad network: every program is configured to retry forever and to give up a silent connection after 30 s.
   */
  readonly patient: boolean;
}

/** A program that downloads a file. */
export interface Contestant {
  readonly name: string;
  /** True when ending with exit code 0 means that the SHA-256 was checked. */
  readonly verifies: boolean;
  /** Programs that must be on the PATH. */
  readonly needs: readonly string[];
  /** The command; it ends with 0 only when the file is complete, and right if it verifies. */
  argv(target: Target): readonly string[];
}

/** A shell script with the values it uses as `$1`, `$2`, ..., so that none of them is interpreted as code. */
export function shell(script: string, ...values: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', script, 'sh', ...values];
}

/** The end of a script: compares the SHA-256 of a file with the right one. Both are shell words, such as `"$2"`. */
export function checkedByOpenssl(file: string, sha256: string): string {
  return `test "$(openssl dgst -sha256 -r ${file} | cut -c1-64)" = ${sha256}`;
}
