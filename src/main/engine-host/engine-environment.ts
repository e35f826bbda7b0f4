/** Tokens are sent to the engine in a message; the environment of a process can be read by others of the same user. */
const TOKENS = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HUGGINGFACE_HUB_TOKEN'];
/**
 * Would accept every certificate, and so every server as the Hub. `NODE_EXTRA_CA_CERTS` adds one that a network needs.
 */
const UNSAFE = ['NODE_TLS_REJECT_UNAUTHORIZED'];
/** Variables for Electron's own processes that would change how Node starts. */
const ELECTRON_ONLY = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'ELECTRON_RENDERER_URL'];

/**
 * Returns the environment of the engine: that of the app without tokens, with the proxy of the settings instead of any
 * other. `NO_PROXY` stays as it is. Certificates are checked whatever the environment says.
 */
export function engineEnvironment(env: NodeJS.ProcessEnv, proxy: string | null): NodeJS.ProcessEnv {
  const result = { ...env };
  for (const name of [...TOKENS, ...UNSAFE, ...ELECTRON_ONLY]) delete result[name];
  if (proxy === null) return result;
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) {
    // Lower-case names take precedence where both are set, so both are.
    result[name] = proxy;
    result[name.toLowerCase()] = proxy;
  }
  return result;
}

/** Returns a sentence when the environment has a setting that {@link engineEnvironment} rejects; null otherwise. */
export function refusedSetting(env: NodeJS.ProcessEnv): string | null {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return null;
  return 'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: Haulyard always checks certificates. For a proxy with its own certificate, set NODE_EXTRA_CA_CERTS.';
}
