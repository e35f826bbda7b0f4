/** Limits of {@link readArray}; a text beyond them is rejected whatever it contains. */
export interface ArrayLimits {
  readonly maxElements: number;
  /** Longest element, in bytes of JSON. */
  readonly maxElementBytes: number;
  /** Everything around the array, in bytes of JSON. */
  readonly maxRestBytes: number;
}

/** A text that is not JSON, or exceeds the limits. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem';
  readonly problem: 'syntax' | 'limit';

  constructor(problem: 'syntax' | 'limit', message: string) {
    super(message);
    this.problem = problem;
  }
}

/** No list of files is nested this deep; such a text is made to exhaust whatever walks it. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads one long array of a JSON text without ever holding more than one of its elements: each is parsed and passed to
 * `visit`, and reading stops when `visit` throws. `key` names the array in the top-level object; null means that the
 * text itself is the array. A text of 64 MB can contain tens of millions of values, which as objects would take
 * gigabytes.
 *
 * Returns the parsed text around the array, with `[]` in its place. Throws {@link JsonProblem} and what `visit` throws.
 */
export function readArray(
  bytes: Uint8Array,
  key: string | null,
  limits: ArrayLimits,
  visit: (element: unknown) => void,
): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = new Place(text, key);
  let count = 0;
  let arrayStart = -1;
  let elementStart = -1;
  let array: { readonly start: number; readonly end: number } | null = null;
  const element = (end: number): void => {
    if (end - elementStart > limits.maxElementBytes) throw tooMuch('an element is too long');
    const source = text.toString('utf8', elementStart, end);
    if (count === 0 && text[end] === CLOSE_ARRAY && source.trim() === '') return;
    count += 1;
    if (count > limits.maxElements) throw tooMuch(`more than ${limits.maxElements} elements`);
    visit(parse(source));
  };
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = place.string(at);
      continue;
    }
    const wasInside = arrayStart >= 0 && array === null;
    if (byte === COMMA && wasInside && place.depth === place.arrayDepth) {
      element(at);
      elementStart = at + 1;
    }
    const step = place.step(byte, at);
    if (step === 'opened') {
      if (arrayStart >= 0) throw new JsonProblem('syntax', `${key ?? 'the list'} is there twice`);
      arrayStart = elementStart = at + 1;
    } else if (step === 'closed' && wasInside) {
      element(at);
      array = { start: arrayStart, end: at };
    }
  }
  if (arrayStart >= 0 && array === null) throw new JsonProblem('syntax', 'the text ends too early');
  return parseRest(text, array ?? { start: 0, end: 0 }, limits);
}

function parseRest(
  text: Buffer,
  { start, end }: { readonly start: number; readonly end: number },
  { maxRestBytes }: ArrayLimits,
): unknown {
  if (text.length - (end - start) > maxRestBytes) throw tooMuch('too much around the list');
  return parse(text.toString('utf8', 0, start) + text.toString('utf8', end));
}

/** Position of the scan: how deep, and whether inside the wanted array. */
class Place {
  readonly #text: Buffer;
  readonly #key: Buffer | null;
  depth = 0;
  /** Depth inside the array; 0 until it was reached. */
  arrayDepth = 0;
  #stringStart = 0;
  #stringEnd = 0;
  #isKeyNext = false;

  constructor(text: Buffer, key: string | null) {
    this.#text = text;
    this.#key = key === null ? null : Buffer.from(JSON.stringify(key));
  }

  /** Steps over the string that begins at `start`; returns the offset of its last quote. */
  string(start: number): number {
    let end = start;
    do {
      end = this.#text.indexOf(QUOTE, end + 1);
      if (end < 0) throw new JsonProblem('syntax', 'a string does not end');
    } while (isEscaped(this.#text, start, end));
    this.#stringStart = start;
    this.#stringEnd = end + 1;
    return end;
  }

  step(byte: number | undefined, at: number): 'opened' | 'closed' | null {
    switch (byte) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        return this.#open(byte);
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        this.depth -= 1;
        if (this.depth < 0) throw new JsonProblem('syntax', `an end without a beginning at ${at}`);
        return this.depth === this.arrayDepth - 1 && byte === CLOSE_ARRAY ? 'closed' : null;
      case COLON:
        if (this.depth === 1) this.#isKeyNext = this.#isKey();
        return null;
      case COMMA:
        if (this.depth === 1) this.#isKeyNext = false;
        return null;
      default:
        return null;
    }
  }

  #open(byte: number): 'opened' | null {
    const isIt = byte === OPEN_ARRAY && (this.#key === null ? this.depth === 0 : this.#isKeyNext);
    const isAtPlace = isIt && this.depth === (this.#key === null ? 0 : 1);
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw tooMuch('it is nested too deeply');
    if (!isAtPlace) return null;
    this.arrayDepth = this.depth;
    return 'opened';
  }

  #isKey(): boolean {
    return this.#key?.equals(this.#text.subarray(this.#stringStart, this.#stringEnd)) ?? false;
  }
}

/** A quote after an odd number of backslashes belongs to the string. */
function isEscaped(text: Buffer, start: number, quote: number): boolean {
  let backslashes = 0;
  for (let at = quote - 1; at > start && text[at] === BACKSLASH; at -= 1) backslashes += 1;
  return backslashes % 2 === 1;
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new JsonProblem('syntax', error instanceof Error ? error.message : 'not JSON');
  }
}

const tooMuch = (what: string): JsonProblem => new JsonProblem('limit', what);
