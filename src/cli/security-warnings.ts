import type { Environment } from '../engine/cache/cache-dir.ts';

/** The protections of a run that may need a warning. */
export interface SecurityFacts {
  readonly endpoint: string;
  readonly token: string | null;
}

/** Returns sentences about what makes a run less safe than its user may think. */
export function securityWarnings(env: Environment, { endpoint, token }: SecurityFacts): readonly string[] {
  const { protocol, hostname, host } = new URL(endpoint);
  const warnings: string[] = [];
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0' && protocol === 'https:') {
    warnings.push(
      'Warning: NODE_TLS_REJECT_UNAUTHORIZED=0 is set, so certificates are not checked: anybody on the way can read your token and change what you download. Unset it; for a certificate of your own, use NODE_EXTRA_CA_CERTS.',
    );
  }
  if (token !== null && protocol === 'http:' && !isLoopback(hostname)) {
    warnings.push(
      `Warning: your token goes to ${host} over plain http, where everybody on the way can read it. Use an https address, or unset HF_TOKEN.`,
    );
  }
  return warnings;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
