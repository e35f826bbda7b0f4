import { spawn } from 'node:child_process';

/** How a program ended and its output. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program gets. */
export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** A program that is not done by then hangs. */
const TIME_LIMIT_MS = 60_000;

/** Runs a program to its end, with these variables and no others. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd, stdin }: ProgramOptions,
): Promise<ProgramResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const child = spawn(program, args, { env, stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part) => {
    said.stdout += String(part);
  });
  child.stderr.on('data', (part) => {
    said.stderr += String(part);
  });
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(stdin);
  child.once('error', reject);
  child.once('close', (code) => {
    clearTimeout(timer);
    resolve({ code, ...said });
  });
  return promise;
}

/** The output of a program that must succeed. */
export async function outputOf(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
}
