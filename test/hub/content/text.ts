import type { Content } from './content.ts';
import { keystream } from './keystream.ts';

/** 64 words of seven letters, so that the word at any offset is known without the words before it. */
const WORDS = (
  'weights tensors decoder encoder quality phrases measure samples reading records current natural ' +
  'streams batches silence speaker grammar context digital network testing forward channel kernels ' +
  'reduces balance pattern process through between results without explore compute storage machine ' +
  'changes several include example mixture mapping learned trained fourier complex spectra windows ' +
  'vectors numbers letters strings lengths padding masking scoring ranking greedys beaming editing'
).split(' ');
const WORD_BYTES = 8;
const WORDS_PER_LINE = 10;

/** Lines of English words, ten a line, ending in a line feed. */
export function textContent(key: Buffer, size: number): Content {
  return {
    size,
    open(start, end) {
      const stop = Math.min(end, size);
      let position = start;
      return {
        next(maxBytes) {
          const block = words(key, size, position, Math.min(stop, position + Math.min(maxBytes, 1 << 20)));
          position += block.length;
          return block;
        },
        close() {},
      };
    },
  };
}

function words(key: Buffer, size: number, start: number, end: number): Buffer {
  if (end <= start) return Buffer.alloc(0);
  const first = Math.floor(start / WORD_BYTES);
  const count = Math.ceil(end / WORD_BYTES) - first;
  const choices = keystream(key, first)(count);
  let text = '';
  for (let i = 0; i < count; i += 1) {
    text += WORDS[(choices[i] ?? 0) % WORDS.length];
    text += (first + i) % WORDS_PER_LINE === WORDS_PER_LINE - 1 ? '\n' : ' ';
  }
  const block = Buffer.from(text, 'latin1').subarray(start - first * WORD_BYTES, end - first * WORD_BYTES);
  if (end === size) block[block.length - 1] = 0x0a;
  return block;
}
