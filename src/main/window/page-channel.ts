import type { BridgeEvent, PageRequest } from '../../shared/contract/bridge.ts';

/** What {@link createPageChannel} needs. */
export interface PageChannelDeps {
  readonly post: (event: BridgeEvent) => void;
  /** True while a person could see the page. */
  readonly isVisible: () => boolean;
  /** What a page must be told when it comes back to sight: it then asks for the rest. */
  readonly news: () => readonly BridgeEvent[];
}

/** Decides what of everything that happens reaches the page, and when. */
export interface PageChannel {
  /** Not sent to a hidden page: that one asks anew when it is seen again. */
  tell(event: BridgeEvent): void;
  /** Kept until the page listens. */
  request(request: PageRequest): void;
  /** The page made a call, so it listens by now. */
  listens(): void;
  /** The page was loaded anew and does not listen yet. */
  loads(): void;
  /** The page is in sight again. */
  isShown(): void;
}

/** No more requests than this wait for a page that does not come. */
const MAX_WAITING = 10;

/** A channel to a page that does not listen yet. */
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
