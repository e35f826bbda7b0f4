import type { EndpointTest } from '../../shared/contract/commands.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { totalsOf } from '../../shared/projection/totals.ts';
import { createNetworkConsent } from '../consent/network-consent.ts';
import type { OfferedPaths } from '../consent/offered-paths.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { PageGuards } from '../ipc/gate.ts';
import { createPageGuards } from '../ipc/page-guards.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import type { TokenStore } from '../secrets/token-store.ts';
import { mayMoveCache, networkQuestions } from '../shell/questions.ts';

/** Dependencies of {@link setUpPageGuards}. */
export interface PageGuardsSetUp {
  readonly offered: OfferedPaths;
  readonly host: Pick<EngineHost, 'call'>;
  readonly preferences: Pick<PreferencesStore, 'current'>;
  readonly tokens: Pick<TokenStore, 'status'>;
  readonly state: Followed<DownloadsState | null>;
  /** The current endpoint. */
  readonly endpoint: () => string;
}

/** The guards with system dialogs and the engine's test. */
export function setUpPageGuards(deps: PageGuardsSetUp): PageGuards {
  const { offered, host, preferences, tokens, state, endpoint } = deps;

  async function test(address: string): Promise<EndpointTest> {
    const outcome = await host.call('endpoint.test', { endpoint: address });
    if (outcome.ok) return outcome.value as EndpointTest;
    return { ok: false, message: outcome.error.message, milliseconds: null };
  }

  async function mayMove(): Promise<boolean> {
    const { active, paused } = totalsOf(state.current()?.downloads ?? []);
    const unfinished = active + paused;
    return unfinished === 0 || (await mayMoveCache(unfinished));
  }

  const tokenOrigin = async () => (await tokens.status(endpoint())).origin ?? null;
  return createPageGuards({
    offered,
    network: createNetworkConsent({ questions: networkQuestions, test, endpoint, tokenOrigin }),
    preferences: preferences.current,
    mayMoveCache: mayMove,
  });
}
