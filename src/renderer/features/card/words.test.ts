import { describe, expect, it } from 'vitest';
import { sampleFound } from '../../testing/sample-search.ts';
import { words } from './words.ts';

describe('the facts of a model', () => {
  it('tell what a GGUF was made for and how far it looks back, where the Hub says so', () => {
    const model = sampleFound('org/m-GGUF', { architecture: 'llama', contextTokens: 131_072 });
    const facts = new Map(words.facts(model));
    expect(facts.get('Architecture')).toBe('llama');
    expect(facts.get('Context')).toBe('up to 131,072 tokens');
    expect(words.facts(sampleFound('org/m')).map(([name]) => name)).not.toContain('Context');
  });
});
