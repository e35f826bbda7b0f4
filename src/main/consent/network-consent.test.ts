import { describe, expect, it, vi } from 'vitest';
import { createNetworkConsent, type NetworkQuestions } from './network-consent.ts';

const HUB = 'https://huggingface.co';
const MIRROR = 'https://mirror.example/hf';

function setUp(
  change: {
    readonly answers?: Partial<Record<keyof NetworkQuestions, boolean>>;
    readonly token?: string;
    readonly finding?: string;
  } = {},
) {
  const asked: unknown[][] = [];
  const question =
    (name: keyof NetworkQuestions) =>
    async (...about: unknown[]) => {
      asked.push([name, ...about]);
      return change.answers?.[name] ?? true;
    };
  const test = vi.fn(async () => ({
    ok: change.finding === undefined,
    message: change.finding ?? 'It is a Hub.',
    milliseconds: 5,
  }));
  const consent = createNetworkConsent({
    questions: {
      mayTest: question('mayTest'),
      mayUseEndpoint: question('mayUseEndpoint'),
      mayUseUntested: question('mayUseUntested'),
      mayUseProxy: question('mayUseProxy'),
      mayShare: question('mayShare'),
      mayUsePeers: question('mayUsePeers'),
    },
    test,
    endpoint: () => HUB,
    tokenOrigin: async () => change.token ?? null,
  });
  return { consent, asked, test };
}

describe('testing an address', () => {
  it('is confirmed once for each host, and not for the current one', async () => {
    const { consent, asked } = setUp();
    await consent.requireTest(HUB);
    await consent.requireTest(MIRROR);
    await consent.requireTest('https://mirror.example/other');
    expect(asked).toEqual([['mayTest', 'mirror.example']]);
  });

  it('is rejected when the user says no, and confirmed again next time', async () => {
    const { consent, asked } = setUp({ answers: { mayTest: false } });
    await expect(consent.requireTest(MIRROR)).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(consent.requireTest(MIRROR)).rejects.toMatchObject({ code: 'Cancelled' });
    expect(asked).toHaveLength(2);
  });
});

describe('using an address', () => {
  it('is confirmed before anything is sent there', async () => {
    const { consent, test } = setUp({ answers: { mayUseEndpoint: false } });
    await expect(consent.requireEndpoint(MIRROR)).rejects.toMatchObject({ code: 'Cancelled' });
    expect(test).not.toHaveBeenCalled();
  });

  it('needs a test that passed', async () => {
    const { consent, asked, test } = setUp();
    await consent.requireEndpoint(MIRROR);
    expect(test).toHaveBeenCalledWith(MIRROR);
    expect(asked).toEqual([
      ['mayUseEndpoint', { host: 'mirror.example', isEncrypted: true, tokenHost: null }],
    ]);
  });

  it('or a user who insists', async () => {
    const { consent, asked } = setUp({ finding: 'It sent a web page.' });
    await consent.requireEndpoint(MIRROR);
    expect(asked.at(-1)).toEqual(['mayUseUntested', 'mirror.example', 'It sent a web page.']);
  });

  it('is rejected with the test’s result when it failed and the user does not insist', async () => {
    const { consent } = setUp({ finding: 'It sent a web page.', answers: { mayUseUntested: false } });
    await expect(consent.requireEndpoint(MIRROR)).rejects.toMatchObject({
      code: 'Cancelled',
      message: 'It sent a web page. Nothing was changed.',
    });
  });

  it('is not confirmed twice after a test was agreed to', async () => {
    const { consent, asked } = setUp();
    await consent.requireTest(MIRROR);
    await consent.requireEndpoint(MIRROR);
    expect(asked.map(([name]) => name)).toEqual(['mayTest']);
  });

  it('is asked about in any case while a token is kept for another Hub, whose name is told', async () => {
    const { consent, asked } = setUp({ token: HUB });
    await consent.requireTest('http://mirror.example');
    await consent.requireEndpoint('http://mirror.example');
    expect(asked.at(-1)).toEqual([
      'mayUseEndpoint',
      { host: 'mirror.example', isEncrypted: false, tokenHost: 'huggingface.co' },
    ]);
  });

  it('needs no question for Hugging Face itself', async () => {
    const { consent, asked } = setUp({ token: HUB });
    await consent.requireEndpoint(HUB);
    expect(asked).toEqual([]);
  });
});

describe('using a proxy', () => {
  it('is always confirmed, with the Hub whose token would pass through it', async () => {
    const { consent, asked } = setUp({ token: HUB });
    await consent.requireProxy('http://user:secret@proxy.example:3128');
    expect(asked).toEqual([['mayUseProxy', { host: 'proxy.example:3128', tokenHost: 'huggingface.co' }]]);
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  it('is rejected when the user says no', async () => {
    const { consent } = setUp({ answers: { mayUseProxy: false } });
    await expect(consent.requireProxy('http://proxy.example')).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('other computers of the network', () => {
  it.each([
    ['requireSharing', 'mayShare'],
    ['requirePeers', 'mayUsePeers'],
  ] as const)('%s needs an answer each time', async (name, question) => {
    const { consent, asked } = setUp();
    await consent[name]();
    await consent[name]();
    expect(asked).toEqual([[question], [question]]);
    const declined = setUp({ answers: { [question]: false } });
    await expect(declined.consent[name]()).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
