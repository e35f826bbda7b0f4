import { checkedReference } from '../../engine/commands/target.ts';
import { parseEndpoint } from '../../engine/hub/endpoint.ts';
import { assertNever } from '../../shared/contract/errors.ts';
import { completionScript } from '../completion/scripts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { Session } from '../session.ts';
import { runLogin, runLogout, runWhoami } from './account.ts';
import { runBackground } from './background.ts';
import { runCancel } from './cancel.ts';
import { runCatalog } from './catalog.ts';
import { runDoctor } from './doctor.ts';
import { runHubDoctor } from './doctor-hub.ts';
import { runDownload } from './download.ts';
import { runHardware } from './hardware.ts';
import { runLimit } from './limit.ts';
import { runList } from './list.ts';
import { runMove } from './move.ts';
import { runOutdated } from './outdated.ts';
import { runPath } from './path.ts';
import { runPause } from './pause.ts';
import { runPrune } from './prune.ts';
import { runQuantize } from './quantize.ts';
import { runRelocate } from './relocate.ts';
import { runRemove } from './remove.ts';
import { runResume } from './resume.ts';
import { runSearch } from './search.ts';
import { runServe } from './serve.ts';
import { runStatus } from './status.ts';
import { runUpdate } from './update.ts';
import { runVerify } from './verify.ts';
import { runWatch } from './watch.ts';

/** Executes the command line. @returns the exit code; rejects with the error of a command that failed */
export async function runInvocation(session: Session, invocation: Invocation): Promise<number> {
  checkNames(session, invocation);
  switch (invocation.command) {
    case 'completion':
      session.io.stdout.write(completionScript(invocation.shell));
      return EXIT.done;
    case 'catalog':
      return runCatalog(session);
    case 'hardware':
      return runHardware(session, invocation);
    case 'login':
      return runLogin(session);
    case 'logout':
      return runLogout(session);
    case 'whoami':
      return runWhoami(session);
    case 'search':
      return runSearch(session, invocation);
    case 'download':
      return runDownload(session, invocation);
    case 'quantize':
      return runQuantize(session, invocation);
    case 'status':
      return runStatus(session);
    case 'resume':
      return runResume(session, invocation);
    case 'pause':
      return runPause(session, invocation);
    case 'limit':
      return runLimit(session, invocation);
    case 'move':
      return runMove(session, invocation);
    case 'watch':
      return runWatch(session);
    case 'background':
      return runBackground(session);
    case 'cancel':
      return runCancel(session, invocation);
    case 'list':
      return runList(session);
    case 'serve':
      return runServe(session, invocation);
    case 'verify':
      return runVerify(session, invocation);
    case 'remove':
      return runRemove(session, invocation);
    case 'outdated':
      return runOutdated(session, invocation);
    case 'update':
      return runUpdate(session, invocation);
    case 'prune':
      return runPrune(session, invocation);
    case 'relocate':
      return runRelocate(session, invocation);
    case 'path':
      return runPath(session, invocation);
    case 'doctor':
      return invocation.hub === undefined ? runDoctor(session) : runHubDoctor(session, invocation);
    default:
      return assertNever(invocation);
  }
}

/**
 * Rejects a model name that can never be valid before an engine is opened: a typo should be reported as such, not as
 * another program owning the ledger.
 */
function checkNames({ settings }: Session, invocation: Invocation): void {
  const named = 'references' in invocation ? (invocation.references ?? []) : [];
  const references = 'reference' in invocation ? [invocation.reference ?? []].flat() : named;
  const revision = 'revision' in invocation ? invocation.revision : undefined;
  const variant = invocation.command === 'download' ? invocation.variant : undefined;
  const endpoint = parseEndpoint(settings.endpoint);
  for (const reference of references) checkedReference({ reference, revision, variant }, endpoint);
}
