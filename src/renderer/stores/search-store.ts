import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { CommandInput } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import { MIN_SEARCH_CHARACTERS } from '../../shared/contract/search-commands.ts';
import type { FoundModel, SearchSort } from '../../shared/model/search.ts';

/** Filters of a search, one of each kind. */
export interface SearchFilters {
  readonly format: 'mlx' | 'gguf' | 'transformers' | null;
  readonly topic: 'text' | 'speech' | 'image' | null;
  readonly fitsOnly: boolean;
  readonly sort: SearchSort;
}

/** The state of a search of the Hub. */
export interface SearchState extends SearchFilters {
  /** The text in the field. */
  readonly text: string;
  /** The results; null before the first answer to this search. */
  readonly models: readonly FoundModel[] | null;
  readonly cursor: string | null;
  readonly isAsking: boolean;
  readonly error: ErrorData | null;
  /** When a search that was refused is repeated by itself, in milliseconds since 1970. */
  readonly askAgainAtMs: number | null;
  /** Why no server was asked; null when one was. */
  readonly offlineReason: string | null;
}

/** The store, and how it is asked. */
export interface SearchFeed {
  readonly store: StoreApi<SearchState>;
  /** Searches at the next pause in typing, or now. */
  type(text: string, isNow?: boolean): void;
  narrow(filters: Partial<SearchFilters>): void;
  /** Requests the next page, unless a request is running. */
  more(): void;
  again(): void;
}

/** A pause in typing. */
const PAUSE_MS = 300;
/** Nobody looks through more; an endless list stops here. */
const MAX_MODELS = 10_000;
const TASKS = {
  text: 'text-generation',
  speech: 'automatic-speech-recognition',
  image: 'text-to-image',
} as const;

const EMPTY: SearchState = {
  ...{ text: '', format: null, topic: null, fitsOnly: false, sort: 'downloads' },
  ...{ models: null, cursor: null, isAsking: false, error: null, askAgainAtMs: null, offlineReason: null },
};

/** True for text to search for; a URL or `org/name` is opened instead. */
export function isSearch(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length >= MIN_SEARCH_CHARACTERS && !isReference(trimmed);
}

/** True for `org/name`, a URL, a pasted command: something that names one model. */
export function isReference(text: string): boolean {
  return /[/:\\"`<]/.test(text) || /^(hf|huggingface-cli|ollama|git|wget|curl|pip) /i.test(text.trim());
}

/** Creates the search of a page. `now` fits `Date.now`. */
export function createSearchFeed(bridge: Pick<Bridge, 'call'>, now: () => number): SearchFeed {
  const store = createStore<SearchState>(() => EMPTY);
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (ms: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  const begin = async (): Promise<void> => {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const state = store.getState();
    if (!isSearch(state.text)) return;
    store.setState({ isAsking: true, askAgainAtMs: null });
    const outcome = await bridge.call('models.search', { ...question(state), typing: true });
    if (mine !== asked) return;
    if (outcome.ok) {
      const { models, cursor, offlineReason } = outcome.value;
      return store.setState({ models, cursor, offlineReason, isAsking: false, error: null });
    }
    const waitMs = Number(outcome.error.details.retryAfterSeconds ?? 0) * 1000;
    const isLimited = outcome.error.code === 'RateLimited' && waitMs > 0;
    store.setState({
      ...{ models: null, cursor: null, isAsking: false, error: outcome.error },
      askAgainAtMs: isLimited ? now() + waitMs : null,
    });
    if (isLimited) later(waitMs, () => void begin());
  };
  const more = async (): Promise<void> => {
    const { cursor, isAsking, models, ...state } = store.getState();
    if (cursor === null || isAsking || models === null || models.length >= MAX_MODELS) return;
    const mine = asked;
    store.setState({ isAsking: true });
    const outcome = await bridge.call('models.search', { ...question(state), cursor });
    if (mine !== asked) return;
    if (!outcome.ok) return store.setState({ isAsking: false, cursor: null, error: outcome.error });
    const known = new Set(models.map(({ repo }) => repo));
    const fresh = outcome.value.models.filter(({ repo }) => !known.has(repo));
    // A page with nothing new comes from a list that repeats.
    const next = fresh.length === 0 ? null : outcome.value.cursor;
    store.setState({ models: [...models, ...fresh], cursor: next, isAsking: false });
  };
  return {
    store,
    type(text, isNow = false) {
      const isSame = text.trim() === store.getState().text.trim();
      store.setState({ text });
      if (!isSearch(text)) {
        asked += 1;
        clearTimeout(timer);
        store.setState({ ...EMPTY, ...filtersOf(store.getState()), text });
      } else if (isNow) void begin();
      else if (!isSame) {
        asked += 1;
        store.setState({ isAsking: true });
        later(PAUSE_MS, () => void begin());
      }
    },
    narrow(filters) {
      store.setState(filters);
      // Fitting models are filtered from the results.
      if (Object.keys(filters).some((key) => key !== 'fitsOnly')) void begin();
    },
    more: () => void more(),
    again: () => void begin(),
  };
}

function filtersOf({ format, topic, fitsOnly, sort }: SearchState): SearchFilters {
  return { format, topic, fitsOnly, sort };
}

function question(state: Pick<SearchState, 'text' | keyof SearchFilters>): CommandInput<'models.search'> {
  const { text, format, topic, sort } = state;
  return {
    words: text.trim(),
    sort,
    ...(format === null ? {} : { filters: [format] }),
    ...(topic === null ? {} : { task: TASKS[topic] }),
  };
}
