import { describe, expect, it } from 'vitest';
import { createPageRequests } from './page-requests.ts';

function requestsAt() {
  let nowMs = 1000;
  const heard: string[] = [];
  const requests = createPageRequests(() => nowMs);
  const stop = requests.on((request) => heard.push(request.do));
  return {
    requests,
    heard,
    stop,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('requests to the page', () => {
  it('are emitted once when a key and a menu make the same one', () => {
    const { requests, heard, wait } = requestsAt();
    requests.emit({ do: 'find' });
    wait(40);
    requests.emit({ do: 'find' });
    expect(heard).toEqual(['find']);
  });

  it('are emitted again when they are made again', () => {
    const { requests, heard, wait } = requestsAt();
    requests.emit({ do: 'toggle-inspector' });
    wait(400);
    requests.emit({ do: 'toggle-inspector' });
    expect(heard).toEqual(['toggle-inspector', 'toggle-inspector']);
  });

  it('are emitted when they are about something else', () => {
    const { requests, heard } = requestsAt();
    requests.emit({ do: 'show', section: 'library' });
    requests.emit({ do: 'show', section: 'settings' });
    expect(heard).toHaveLength(2);
  });

  it('reach nobody who stopped listening', () => {
    const { requests, heard, stop } = requestsAt();
    stop();
    requests.emit({ do: 'find' });
    expect(heard).toEqual([]);
  });
});
