import type { BridgeEvent, PageRequest } from '../../shared/contract/bridge.ts';

/** Dependencies of {@link createPageChannel}. */
export interface PageChannelDeps {
  readonly post: (event: BridgeEvent) => void;
  /** Returns true while a person could see the page. */
  readonly isVisible: () => boolean;
  /** Returns what a page must receive when it becomes visible again: it then requests the rest. */
  readonly news: () => readonly BridgeEvent[];
}

/** Decides which events reach the page, and when. */
export interface PageChannel {
  /** Sends an event, except to a hidden page, which requests the state when it becomes visible again. */
  tell(event: BridgeEvent): void;
  /** Sends a request; kept until the page listens. */
  request(request: PageRequest): void;
  /** The page made a call, so it listens by now. */
  listens(): void;
  /** The page was reloaded and does not listen yet. */
  loads(): void;
  /** The page is visible again. */
  isShown(): void;
}

/** Maximum number of requests that wait for a page that does not come. */
const MAX_WAITING = 10;

/** Creates a channel to a page that does not listen yet. */
export function createPageChannel({ post, isVisible, news }: PageChannelDeps): PageChannel {
  let isListening = false;
  let waiting: PageRequest[] = [];
  return {
    tell: (event) => {
      if (isListening && isVisible()) post(event);
    },
    request: (request) => {
      if (isListening) post({ type: 'request', request });
      else waiting = [...waiting, request].slice(-MAX_WAITING);
    },
    listens: () => {
      if (isListening) return;
      isListening = true;
      for (const request of waiting) post({ type: 'request', request });
      waiting = [];
    },
    loads: () => {
      isListening = false;
    },
    isShown: () => {
      if (isListening) for (const event of news()) post(event);
    },
  };
}
