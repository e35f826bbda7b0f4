import { type FoundToken, readToken, tokenPath } from '../../engine/cache/cache-dir.ts';
import { removeTokenFile, saveTokenFile } from '../../engine/cache/token-file.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { whenInterrupted } from '../interrupt.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine, printNotice } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { readTokenLine, tokenPrompt } from '../token.ts';

/** `login`: saves a token that the Hub accepts where the Hub's own tools keep theirs. */
export async function runLogin(session: Session): Promise<number> {
  const { io } = session;
  const path = requirePath(session);
  const prompt = tokenPrompt(io.stdin);
  if (prompt !== null) io.stderr.write(prompt);
  const token = await Promise.race([readTokenLine(io.stdin), whenInterrupted(io.stop)]);
  const account = await accountOf(session, token);
  await saveTokenFile(path, token);
  if (session.global.json) printJson(io.stdout, { account, path });
  else printLine(session, `Signed in as ${account}. The token is kept in ${path}.`);
  const used = await readToken(io.env, io.homedir);
  if (used !== null && used.source !== path) {
    printNotice(session, `${used.source} is set, and is used instead.`);
  }
  return EXIT.done;
}

/** `logout`: removes the saved token. One in a variable must be removed by whoever set it. */
export async function runLogout(session: Session): Promise<number> {
  const { io } = session;
  const path = requirePath(session);
  const removed = await removeTokenFile(path);
  const left = await readToken(io.env, io.homedir);
  if (session.global.json) {
    printJson(io.stdout, { removed, path, source: left?.source ?? null });
    return EXIT.done;
  }
  printLine(session, removed ? `Token removed from ${path}.` : `No token is kept in ${path}.`);
  if (left !== null) printLine(session, `${left.source} still has a token, which is used.`);
  return EXIT.done;
}

/** `whoami`: the account of the current token, and where the token is. */
export async function runWhoami(session: Session): Promise<number> {
  const found: FoundToken | null = await readToken(session.io.env, session.io.homedir);
  if (found === null) {
    throw new AppError('AuthRequired', 'You are not signed in. `haulyard login` takes a token.');
  }
  const account = await accountOf(session, found.token);
  const { endpoint } = session.settings;
  if (session.global.json) printJson(session.io.stdout, { account, source: found.source, endpoint });
  else printLine(session, `${account} (token from ${found.source}, for ${endpoint})`);
  return EXIT.done;
}

function accountOf(session: Session, token: string): Promise<string> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const { account } = await engine.call('token.check', { token });
    return account;
  });
}

function requirePath({ io }: Session): string {
  const path = tokenPath(io.env, io.homedir);
  if (path !== null) return path;
  throw new AppError('BadRequest', 'There is no home folder to keep a token in. Set HF_TOKEN_PATH.');
}
