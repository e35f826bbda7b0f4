/** Exit codes as the help and the manual list them. */
export const EXIT_CODES: ReadonlyArray<readonly [code: number, words: string]> = [
  [0, 'Done.'],
  [1, 'Something went wrong inside haulyard.'],
  [2, 'Usage or bad input.'],
  [3, 'Authorization: a token is missing, wrong, or has no access.'],
  [4, 'Not found.'],
  [5, 'Integrity: a file doesn’t match its checksum.'],
  [6, 'Disk: not enough space, no permission, or not connected.'],
  [7, 'Network: gave up.'],
  [8, 'Another program has the data folder and cannot be spoken to.'],
  [9, 'Something could not be checked.'],
  [130, 'Interrupted. Progress is saved.'],
];

/** Variables that are obeyed. */
export const ENVIRONMENT: ReadonlyArray<readonly [name: string, words: string]> = [
  ['HF_ENDPOINT', 'Address of Hugging Face or a mirror.'],
  ['HF_TOKEN, HF_TOKEN_PATH', 'Access token, or the file that holds it.'],
  ['HF_HOME, HF_HUB_CACHE', 'Where the cache is.'],
  ['HF_HUB_OFFLINE', 'Contact nothing.'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'Proxies.'],
  ['NO_COLOR', 'No colors.'],
  ['HAULYARD_DATA_DIR', 'Folder of the download record and settings.'],
  ['HAULYARD_CATALOG', 'Another catalog of models.'],
  ['OLLAMA_MODELS', 'Where Ollama keeps models; they are only read.'],
];
