import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readAll } from './content.ts';
import { digestOf, gitBlobId, lfsPointer } from './digests.ts';
import { contentOf } from './source.ts';

const gitHashObject = (input: Buffer | string) =>
  execFileSync('git', ['hash-object', '--stdin'], { input }).toString().trim();

describe('digests', () => {
  it.each(['', 'Hello, World!', 'żółw\n'])('agree with git hash-object for %j', async (content) => {
    const source = { kind: 'bytes', content } as const;
    expect(await digestOf({ source, algorithm: 'git-sha1' })).toBe(gitHashObject(content));
  });

  it('agree with git hash-object for content made on the fly', async () => {
    const source = { kind: 'seeded', size: 100_001, seed: 'git', format: 'text' } as const;
    const expected = gitHashObject(await readAll(contentOf(source)));
    expect(await digestOf({ source, algorithm: 'git-sha1' })).toBe(expected);
  });

  it('give the blob id of an LFS pointer that git gives', () => {
    const pointer = lfsPointer('a'.repeat(64), 123_456_789);
    expect(gitBlobId(pointer)).toBe(gitHashObject(pointer));
  });

  it('give the blob id of a real LFS file', () => {
    // openai-community/gpt2 model.safetensors
    const sha256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';
    expect(gitBlobId(lfsPointer(sha256, 548_105_171))).toBe('44b36d6e32d13c8fb28b0feab0ac8bfefa7efeda');
  });
});
