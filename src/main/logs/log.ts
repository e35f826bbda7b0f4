/** Log of the shell's parts. Secrets are removed on the way; see `redact.ts`. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
