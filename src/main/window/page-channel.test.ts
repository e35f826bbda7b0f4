import { describe, expect, it } from 'vitest';
import type { BridgeEvent, PageRequest } from '../../shared/contract/bridge.ts';
import { createPageChannel } from './page-channel.ts';

const find: PageRequest = { do: 'find' };
const paste: PageRequest = { do: 'paste-link' };
const running: BridgeEvent = { type: 'engine-status', status: { state: 'running', runId: 'r' } };
const stopped: BridgeEvent = { type: 'engine-status', status: { state: 'stopped' } };

function setUp() {
  const posted: BridgeEvent[] = [];
  const page = { isVisible: true };
  const channel = createPageChannel({
    post: (event) => posted.push(event),
    isVisible: () => page.isVisible,
    news: () => [running],
  });
  return { channel, posted, page };
}

describe('createPageChannel', () => {
  it('keeps requests until the page listens', () => {
    const { channel, posted } = setUp();
    channel.request(find);
    expect(posted).toEqual([]);
    channel.listens();
    channel.request(paste);
    expect(posted).toEqual([
      { type: 'request', request: find },
      { type: 'request', request: paste },
    ]);
  });

  it('waits again for a page that was reloaded', () => {
    const { channel, posted } = setUp();
    channel.listens();
    channel.loads();
    channel.request(find);
    expect(posted).toEqual([]);
    channel.listens();
    expect(posted).toHaveLength(1);
  });

  it('sends nothing to a hidden page, and sends the news when it is visible again', () => {
    const { channel, posted, page } = setUp();
    channel.listens();
    page.isVisible = false;
    channel.tell(stopped);
    expect(posted).toEqual([]);
    page.isVisible = true;
    channel.isShown();
    channel.tell(stopped);
    expect(posted).toEqual([running, stopped]);
  });

  it('does not gather requests without end', () => {
    const { channel, posted } = setUp();
    for (let times = 0; times < 1000; times += 1) channel.request(find);
    channel.listens();
    expect(posted.length).toBeLessThanOrEqual(10);
  });
});
