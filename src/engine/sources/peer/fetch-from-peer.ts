import type { ByteRange } from '../../../shared/model/byte-range.ts';
import { fetchRange } from '../http/fetch-range.ts';
import type { FetchControl, RangeSink, SourcePlace } from '../source.ts';
import type { PeerSession } from './ask-have.ts';
import type { Peer } from './peer.ts';

/** The content to fetch. */
export interface PeerContent {
  /** Path in the repository; only its extension matters. */
  readonly path: string;
  readonly hash: string;
  readonly size: number;
}

/** A peer as the location of a content: identified by its hash, without a token, and without following redirects. */
export function placeAtPeer(
  peer: Peer,
  { path, hash, size }: PeerContent,
  session: PeerSession,
): SourcePlace {
  const { host, address } = peer;
  const url = `${address.url}/api/haulyard/blob/${hash}`;
  const trustless = { ...session, hubHost: '', authorizationFor: () => undefined, refusesRedirects: true };
  return {
    kind: 'peer',
    host,
    name: address.name,
    async fetch({ start, end }: ByteRange, sink: RangeSink, { signal, stallTimeoutMs }: FetchControl) {
      // A whole file instead of a range is useless here: other attempts fetch the rest.
      const partsOnly: RangeSink = {
        isFull: () => sink.isFull(),
        push: (bytes) => sink.push(bytes),
        takeWhole: () => false,
      };
      await fetchRange(
        { url, start, end, total: size, path },
        partsOnly,
        { ...trustless, stallTimeoutMs },
        signal,
      );
    },
  };
}
