import { expect, it } from 'vitest';
import { pastedReference } from './use-pasted-link.ts';

it.each(['https://huggingface.co/org/name', ' hf://org/name\n', 'http://127.0.0.1:8791/org/name'])(
  'takes %j for the address of a model',
  (text) => {
    expect(pastedReference(text)).toBe(text.trim());
  },
);

it.each(['', 'some words', 'org/name', 'https://a b', 'javascript:alert(1)', `https://${'x'.repeat(2000)}`])(
  'leaves %j alone',
  (text) => {
    expect(pastedReference(text)).toBeNull();
  },
);
