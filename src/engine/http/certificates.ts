import { getCACertificates } from 'node:tls';

/**
 * Returns the certificate authorities to trust: Node's own list with `NODE_EXTRA_CA_CERTS`, and those of the system,
 * where companies install theirs. Reads the system's store synchronously (about 0.1 s), so call it when the first
 * secure connection is made and keep the result. A store that cannot be read is left out.
 */
export function trustedCertificates(): string[] {
  return [...new Set([...getCACertificates('default'), ...systemCertificates()])];
}

function systemCertificates(): string[] {
  try {
    return getCACertificates('system');
  } catch {
    return [];
  }
}
