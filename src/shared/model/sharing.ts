/** Whether this computer shares its models, and how others reach it. */
export interface SharingStatus {
  /** `failed` when it is to be shared and can’t be. */
  readonly state: 'off' | 'on' | 'failed';
  /** Null while nothing is shared. */
  readonly port: number | null;
  /** Addresses of this computer on its networks, as `http://192.168.1.20:8900`; empty while nothing is shared. */
  readonly urls: readonly string[];
  /** Repositories that are shared now: verified and public ones. */
  readonly models: number;
  /** A sentence; null unless it failed. */
  readonly problem: string | null;
}
