import { describe, expect, it } from 'vitest';
import { readTokenLine } from './token.ts';

async function* parts(...texts: string[]) {
  yield* texts;
}

describe('readTokenLine', () => {
  it.each([
    [['hf_abc\n']],
    [['hf_abc']],
    [['hf_abc\r\n', 'more']],
    [['hf', '_a', 'bc\nrest\n']],
    [['  hf_abc \n']],
  ])('reads the first line of %j', async (texts) => {
    expect(await readTokenLine(parts(...texts))).toBe('hf_abc');
  });

  it.each([[[]], [['\nhf_abc\n']], [['hf abc\n']], [['hf_ä\n']], [['x'.repeat(501)]]])(
    'refuses %j without repeating it',
    async (texts) => {
      const error = await readTokenLine(parts(...texts)).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'BadRequest' });
      expect(String(error)).not.toContain('hf');
    },
  );
});
