import { describe, expect, it } from 'vitest';
import { GATED, LOCAL_TOKENS, PRIVATE } from '../hub/fixtures/odd.ts';
import { openWorld, type World } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';

const READER = 'hf_local_reader';
const GRANTED = 'hf_local_granted';
const open = () => openWorld([GATED, PRIVATE], { tokens: LOCAL_TOKENS });

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

  it('names the page where access is asked for', async () => {
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

  it('is in no event, message, snapshot or diagnosis', async () => {
    await using world = await open();
    const engine = await world.open({ token: READER });
    await engine.run({ reference: GATED.id });
    const told = [await engine.call('snapshot', {}), await engine.call('doctor', {})];
    expect(JSON.stringify([engine.events, engine.log, told])).not.toContain(READER);
  });
});
