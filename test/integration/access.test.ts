import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import { GATED, LOCAL_TOKENS, PRIVATE } from '../hub/fixtures/odd.ts';
import { openWorld, type World } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { SMALL_PARAKEET } from './repositories.ts';

const READER = 'hf_local_reader';
const GRANTED = 'hf_local_granted';
const open = () => openWorld([GATED, PRIVATE, SMALL_PARAKEET], { tokens: LOCAL_TOKENS });

async function failure(world: World, reference: string, token: string | null) {
  const { failed } = await (await world.open({ token })).run({ reference });
  return failed;
}

describe('a gated model', () => {
  it('comes with a token that has a grant', async () => {
    await using world = await open();
    const { done } = await (await world.open({ token: GRANTED })).download({ reference: GATED.id });
    await expectRightFiles(done.snapshot, GATED.files!);
  });

  it.each([
    ['without a token', null, 'Gated'],
    ['with a token without a grant', READER, 'Gated'],
    ['with a token that the Hub does not know', 'hf_wrong', 'AuthRequired'],
  ])('stops %s', async (_, token, code) => {
    await using world = await open();
    expect(await failure(world, GATED.id, token)).toMatchObject({ code, retryable: false });
  });

  it.each([
    ['waits for an answer', 'pending', /haven’t answered the request yet.*awaiting a review/],
    ['was turned down', 'rejected', /turned down the request.*has been rejected/],
    ['was never asked for', null, /Ask for access on .*not in the authorized list/],
  ])('says where the token came from, and that access %s', async (_, state, words) => {
    await using world = await open();
    if (state !== null) world.hub.askForAccess(READER, GATED.id);
    if (state === 'rejected') world.hub.decideAccess(READER, GATED.id, 'rejected');
    const engine = await world.open({ token: READER, tokenSource: '/home/ada/token' });
    const { failed } = await engine.run({ reference: GATED.id });
    expect(failed).toMatchObject({ code: 'Gated', message: expect.stringMatching(words) });
    expect(failed!.message).toContain('the token from /home/ada/token has no access');
  });

  it('says what a token lacks', async () => {
    await using world = await open();
    const said =
      'Please enable access to public gated repositories in your fine-grained token settings to view this repository.';
    const headers = { 'x-error-code': 'GatedRepo', 'x-error-message': said };
    const resolve = { match: { path: /\/resolve\// }, times: Number.POSITIVE_INFINITY };
    world.hub.faults.add({ ...resolve, ...fault.answerWith(403, said, headers) });
    const { message } = (await failure(world, GATED.id, READER))!;
    expect(message).toContain(`${world.hub.url}/settings/tokens`);
    expect(message).toContain(said);
  });

  it('names the page where access is requested', async () => {
    await using world = await open();
    expect((await failure(world, GATED.id, null))!.message).toContain(`${world.hub.url}/${GATED.id}`);
  });

  it('goes on when a token was given', async () => {
    await using world = await open();
    const engine = await world.open();
    const { id } = await engine.run({ reference: GATED.id });
    await engine.call('token.set', { token: GRANTED });
    const since = engine.mark();
    await engine.call('downloads.resume', { id });
    await expectRightFiles((await engine.ended(id, { since })).done!.snapshot, GATED.files!);
  });
});

describe('a private model', () => {
  it('comes with a token that may read it', async () => {
    await using world = await open();
    const { done } = await (await world.open({ token: GRANTED })).download({ reference: PRIVATE.id });
    await expectRightFiles(done.snapshot, PRIVATE.files!);
  });

  it.each([
    ['without a token', null],
    ['with a token that may not read it', READER],
  ])('does not exist %s', async (_, token) => {
    await using world = await open();
    expect(await failure(world, PRIVATE.id, token)).toMatchObject({ code: 'NotFound' });
  });
});

describe('a token that the Hub does not know', () => {
  it('does not stand between a person and a public model; that is said once', async () => {
    await using world = await open();
    const engine = await world.open({ token: 'hf_old', tokenSource: 'HF_TOKEN' });
    const { done } = await engine.download({ reference: SMALL_PARAKEET.id });
    await expectRightFiles(done.snapshot, SMALL_PARAKEET.files!);
    const told = engine.log.filter((line) => line.startsWith('warn'));
    expect(told).toEqual([expect.stringMatching(/didn’t accept the token from HF_TOKEN.*without it/)]);
    const sent = world.hub.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(sent).toHaveLength(1);
  });

  it('is named where it matters, with the words of the Hub', async () => {
    await using world = await open();
    const engine = await world.open({ token: 'hf_old', tokenSource: 'HF_TOKEN' });
    const { failed } = await engine.run({ reference: GATED.id });
    expect(failed!.message).toMatch(/rejected the token from HF_TOKEN.*Please log in/);
  });

  it('is sent again after another one was given', async () => {
    await using world = await open();
    const engine = await world.open({ token: 'hf_old' });
    await engine.download({ reference: SMALL_PARAKEET.id });
    await engine.call('token.set', { token: GRANTED, source: 'the keychain' });
    const { done } = await engine.download({ reference: GATED.id });
    await expectRightFiles(done.snapshot, GATED.files!);
  });
});

describe('the token', () => {
  it('goes to the Hub with every request and never to the storage server', async () => {
    await using world = await open();
    await (await world.open({ token: GRANTED })).download({ reference: GATED.id });
    const sent = (origin: string) =>
      world.hub.requests.filter((each) => each.origin === origin).map(({ headers }) => headers.authorization);
    expect(new Set(sent('hub'))).toEqual(new Set([`Bearer ${GRANTED}`]));
    expect(new Set(sent('cdn'))).toEqual(new Set([undefined]));
    expect(world.hub.violations).toEqual([]);
  });

  it('is reported by doctor with its source', async () => {
    await using world = await open();
    const engine = await world.open({ token: READER, tokenSource: 'HF_TOKEN' });
    const { checks } = await engine.call('doctor', {});
    expect(checks.find(({ name }) => name === 'token')?.message).toBe('present, from HF_TOKEN');
  });

  it('is in no event, message, snapshot or diagnosis', async () => {
    await using world = await open();
    const engine = await world.open({ token: READER });
    await engine.run({ reference: GATED.id });
    const told = [await engine.call('snapshot', {}), await engine.call('doctor', {})];
    expect(JSON.stringify([engine.events, engine.log, told])).not.toContain(READER);
  });
});
