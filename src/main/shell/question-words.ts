import type { EndpointChange, ProxyChange } from '../consent/network-consent.ts';

const lines = (...sentences: readonly (string | null)[]) => sentences.filter(Boolean).join('\n\n');

/** Texts of the questions that only the user can answer. */
export const questionWords = {
  cancel: 'Cancel',
  testMessage: (host: string) => `Contact ${host}?`,
  testDetail:
    'Haulyard sends it one request, without your access token, to see whether it works like Hugging Face.',
  test: 'Test Address',
  endpointMessage: (host: string) => `Download models from ${host}?`,
  endpointDetail: ({ host, isEncrypted, tokenHost }: EndpointChange) =>
    lines(
      'Haulyard tests the address and then uses it for all downloads.',
      tokenHost === null || tokenHost === host
        ? null
        : `Your access token belongs to ${tokenHost} and isn’t sent to ${host}.`,
      isEncrypted ? null : 'The connection isn’t encrypted: others on the network can see what you download.',
    ),
  useEndpoint: 'Use This Address',
  untestedMessage: (host: string) => `${host} doesn’t work like Hugging Face.`,
  untestedDetail: (finding: string) => lines(finding, 'Downloads will fail until it does.'),
  useAnyway: 'Use Anyway',
  keepEndpoint: 'Keep Current Address',
  proxyMessage: (host: string) => `Send all traffic through ${host}?`,
  proxyDetail: ({ tokenHost }: ProxyChange) =>
    lines(
      'Everything that Haulyard downloads goes through this proxy.',
      tokenHost === null ? null : `Your access token for ${tokenHost} goes through it too, encrypted.`,
    ),
  useProxy: 'Use Proxy',
  shareMessage: 'Share models with this network?',
  shareDetail:
    'Anyone on your network can then see and download the verified, public models of this computer, until you turn sharing off.',
  share: 'Share Models',
  peersMessage: 'Use other computers on this network?',
  peersDetail:
    'Haulyard asks computers that share models for the files you download, so they see which ones. What they send is verified like everything else.',
  usePeers: 'Use Other Computers',
  cacheMessage: (unfinished: number) =>
    unfinished === 1 ? 'A download isn’t finished.' : `${unfinished} downloads aren’t finished.`,
  cacheDetail:
    'They stay in the current folder, and so do the models that are there. New downloads go to the folder you chose, and the Library shows that one.',
  changeFolder: 'Change Folder',
} as const;
