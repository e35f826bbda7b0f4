/** Bytes or answers of a Xet server that break the format. The message says what is wrong, for the inspector and logs. */
export class XetFormatError extends Error {
  override readonly name = 'XetFormatError';
}
