import { describe, expect, it } from 'vitest';
import { fillSnippet } from './snippet.ts';

const values = { path: '/cache/$&/snapshot', repo: 'org/name', variant: 'q8' } as const;

describe('fillSnippet', () => {
  it('fills every placeholder, wherever it stands', () => {
    expect(fillSnippet('run{quantize} {repo} {path} {variant} {repo}', values)).toBe(
      'run -q 8 org/name /cache/$&/snapshot q8 org/name',
    );
  });

  it('leaves out the precision option for BF16', () => {
    expect(fillSnippet('run{quantize}', { ...values, variant: 'bf16' })).toBe('run');
  });

  it('leaves other braces alone', () => {
    expect(fillSnippet('{"a": {b}}', values)).toBe('{"a": {b}}');
  });
});
