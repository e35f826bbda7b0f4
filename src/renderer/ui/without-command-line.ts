/**
 * The engine speaks to the command line as well: "go on with --accept-changed", "give a token (HF_TOKEN)". In a window there are
 * buttons for that, so those parts are left out. A text that has nothing else stays.
 */
export function withoutCommandLine(message: string): string {
  const kept = message
    .replaceAll(/ ?\((HF|HAULYARD)_[A-Z_]+\)/g, '')
    .split(/(?<=[.!?]) /)
    .filter((sentence) => !/(^| )--[a-z]/.test(sentence))
    .join(' ');
  return kept === '' ? message : kept;
}
