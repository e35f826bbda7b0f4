import type { AddDownload, Settings } from '../../shared/contract/commands.ts';
import type { PeerChoice } from '../sources/peer/peers.ts';

/** Returns which peers a download may use: its own option, else the setting. */
export function peerChoice(
  { peers, namedPeers = [] }: Pick<AddDownload, 'peers' | 'namedPeers'>,
  { usePeers }: Pick<Settings, 'usePeers'>,
): PeerChoice {
  if (peers === 'off') return { found: false, named: [] };
  return { found: peers === 'on' || usePeers, named: namedPeers.map((url) => url.replace(/\/+$/, '')) };
}
