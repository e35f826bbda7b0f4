import { describe, expect, it } from 'vitest';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import type { Hub } from '../hub/hub.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { bytesOf, expectRightFiles } from './on-disk.ts';
import { askedRange, honest, type PeerAnswer, peerServer, sendPart } from './peer-server.ts';
import { WEIGHTS, weights } from './repositories.ts';

const SIZE = 12 * MIB + 4321;
const PLAIN: RepositoryDeclaration = { id: 'org/plain', files: [weights(WEIGHTS, SIZE, 'plain')] };
const XET: RepositoryDeclaration = {
  id: 'org/xet',
  files: [{ ...weights(WEIGHTS, SIZE, 'xet'), xet: { xorbBytes: 2 * MIB } }],
};
const [PLAIN_BYTES, XET_BYTES] = await Promise.all([bytesOf(PLAIN.files![0]!), bytesOf(XET.files![0]!)]);

/** Bytes of contents that the Hub sent. */
const sentByHub = (hub: Hub): number =>
  hub.requests.filter(({ origin }) => origin === 'cdn').reduce((sum, { bytesSent }) => sum + bytesSent, 0);

/** The range with one byte flipped in the middle. */
const flipped = (request: Parameters<PeerAnswer>[0], content: Buffer) => {
  const range = askedRange(request, content);
  const bytes = Buffer.from(content.subarray(range.start, range.end));
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return { range, bytes };
};

describe('a peer', () => {
  it('delivers what it has, and the Hub next to nothing', async () => {
    await using world = await openWorld([PLAIN], { conditions: { totalBytesPerSecond: 1_000_000 } });
    await using peer = await peerServer([PLAIN_BYTES]);
    const engine = await world.open();
    const { done, events } = await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, PLAIN.files!);
    expect(sentByHub(world.hub)).toBeLessThan(SIZE * 0.5);
    const kinds = ofKind(events, 'progress').flatMap(({ sources = [] }) => sources.map(({ kind }) => kind));
    expect(kinds).toContain('peer');
    expect(done.sources?.find(({ kind }) => kind === 'peer')?.bytes).toBeGreaterThan(SIZE * 0.5);
  });

  it('is not used when the user opts out', async () => {
    await using world = await openWorld([PLAIN]);
    await using peer = await peerServer([PLAIN_BYTES]);
    const engine = await world.open();
    await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin], peers: 'off' });
    expect(peer.requests).toEqual([]);
  });

  it('never sees the token, whatever it answers', async () => {
    await using world = await openWorld([PLAIN], { tokens: LOCAL_TOKENS });
    await using collector = await peerServer([]);
    await using peer = await peerServer([PLAIN_BYTES], (_, response, __, nth) => {
      if (nth % 2 === 0) response.writeHead(302, { location: `${collector.origin}/steal` }).end();
      else response.writeHead(401, { 'www-authenticate': 'Bearer', 'x-error-code': 'GatedRepo' }).end();
    });
    const engine = await world.open({ token: 'hf_local_reader' });
    const { done } = await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, PLAIN.files!);
    expect(peer.blobRequests).toBeGreaterThan(0);
    expect(JSON.stringify(peer.requests)).not.toContain('hf_local_reader');
    expect(JSON.stringify(peer.requests)).not.toMatch(/Signature|authorization/i);
    expect(collector.requests).toEqual([]);
  });

  it.each<[string, PeerAnswer]>([
    ['refuses everything', (_, response) => response.writeHead(404).end()],
    [
      'sends another range',
      (_, response, content) =>
        sendPart(response, content.subarray(1, 101), { start: 1, end: 101 }, content.length),
    ],
    [
      'says that the file is longer',
      (request, response, content) =>
        sendPart(response, content, askedRange(request, content), content.length + 1),
    ],
    [
      'sends the whole file',
      (_, response, content) => response.writeHead(200, { 'content-length': content.length }).end(content),
    ],
    [
      'sends a sign-in page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'ends early',
      (request, response, content) => {
        const { start, end } = askedRange(request, content);
        response.writeHead(206, {
          'content-range': `bytes ${start}-${end - 1}/${content.length}`,
          'content-length': end - start,
        });
        response.write(content.subarray(start, start + 20_000), () => response.destroy());
      },
    ],
  ])('that %s costs nothing but its own bytes', async (_, answer) => {
    await using world = await openWorld([PLAIN]);
    await using peer = await peerServer([PLAIN_BYTES], answer);
    const engine = await world.open();
    const { done } = await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, PLAIN.files!);
    expect(sentByHub(world.hub)).toBeLessThan(SIZE * 1.05);
    // It is left alone for a while after it failed.
    expect(peer.blobRequests).toBeLessThan(40);
  });

  it.each<[string, PeerAnswer]>([
    ['nothing', () => undefined],
    [
      'a byte a second',
      (request, response, content) => {
        const { start, end } = askedRange(request, content);
        response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${content.length}` });
        let at = start;
        const timer = setInterval(() => response.write(content.subarray(at, ++at)), 1000);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('that sends %s loses its share within seconds', async (_, answer) => {
    await using world = await openWorld([PLAIN]);
    await using peer = await peerServer([PLAIN_BYTES], answer);
    const engine = await world.open();
    const startedMs = performance.now();
    const { done } = await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, PLAIN.files!);
    expect(performance.now() - startedMs).toBeLessThan(15_000);
  });

  it.each<[string, (hash: string) => string | null]>([
    ['another size', (hash) => JSON.stringify({ have: [{ hash, size: SIZE + 1 }] })],
    [
      'contents that nobody asked about',
      () => JSON.stringify({ have: [{ hash: '0'.repeat(64), size: SIZE }] }),
    ],
    ['ten thousand contents', (hash) => JSON.stringify({ have: Array(10_000).fill({ hash, size: SIZE }) })],
    ['no JSON', () => '<html>'],
    ['nothing', () => null],
  ])('that says it has %s is not asked for any', async (_, say) => {
    await using world = await openWorld([PLAIN]);
    await using peer = await peerServer([PLAIN_BYTES], honest, (request, response, byHash) => {
      const said = say([...byHash.keys()][0]!);
      request.resume();
      if (said !== null) response.end(said);
    });
    const engine = await world.open();
    const { done } = await engine.download({ reference: PLAIN.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, PLAIN.files!);
    expect(peer.requests.length).toBe(1);
    expect(peer.blobRequests).toBe(0);
  });

  it('alone finishes a download that was known, without the Hub', async () => {
    await using world = await openWorld([PLAIN], { conditions: { totalBytesPerSecond: 2_000_000 } });
    await using peer = await peerServer([PLAIN_BYTES]);
    const first = await world.open();
    const id = await first.add({ reference: PLAIN.id, namedPeers: [peer.origin], peers: 'on' });
    await first.waitFor('resolved');
    await first.close();
    await world.hub.close();
    const second = await world.open();
    await second.call('downloads.resume', { id });
    const { done } = await second.ended(id);
    await expectRightFiles(done!.snapshot, PLAIN.files!);
  });
});

describe('a peer that flips a byte in each tenth answer', () => {
  const flipping: PeerAnswer = (request, response, content, nth) => {
    if (nth % 10 !== 0) return honest(request, response, content, nth);
    const { range, bytes } = flipped(request, content);
    sendPart(response, bytes, range, content.length);
  };

  it.each([
    // Answers of 1 MiB, two of them wrong.
    ['where the Hub has hashes of the pieces', XET, PLAIN, 2 * MIB],
    // Nobody can tell where the wrong byte is before a second copy is here: at most what came from the peer.
    ['where only the file has a hash', PLAIN, XET, SIZE],
  ])('is out after the first proof, %s', async (_, first, next, wastedBytes) => {
    await using world = await openWorld([PLAIN, XET]);
    await using peer = await peerServer([PLAIN_BYTES, XET_BYTES], flipping);
    const engine = await world.open();
    const { done } = await engine.download({ reference: first.id, namedPeers: [peer.origin] });
    await expectRightFiles(done.snapshot, first.files!);
    expect(engine.log.filter((line) => /isn’t used again in this run/.test(line))).toHaveLength(1);
    expect(done.stats.wastedBytes).toBeLessThanOrEqual(wastedBytes);
    const before = peer.requests.length;
    const { done: later } = await engine.download({ reference: next.id, namedPeers: [peer.origin] });
    await expectRightFiles(later.snapshot, next.files!);
    expect(peer.requests.length).toBe(before);
  });
});
