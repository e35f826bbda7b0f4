import { describe, expect, it } from 'vitest';
import { parseEndpoint } from './endpoint.ts';
import { parseReference, type Reference } from './reference.ts';

const endpoint = parseEndpoint('https://mirror.example:8443/hf');
const repo = (more: object = {}) => ({ kind: 'repo', repo: 'kyutai/moshiko-mlx-q4', ...more }) as Reference;
const HF = 'https://huggingface.co/kyutai/moshiko-mlx-q4';
const SHA = '18e4df760a34d5977a34517d7d1580e07acbb2f1';

describe('parseReference', () => {
  it.each<[string, Reference]>([
    ['parakeet', { kind: 'catalog', id: 'parakeet' }],
    [' moshi ', { kind: 'catalog', id: 'moshi' }],
    ['parakeet-v2.1', { kind: 'catalog', id: 'parakeet-v2.1' }],
    ['kyutai/moshiko-mlx-q4', repo()],
    ['hf://kyutai/moshiko-mlx-q4', repo()],
    ['hf://kyutai/moshiko-mlx-q4/a/b.bin', repo({ path: 'a/b.bin' })],
    ['hf://kyutai/moshiko-mlx-q4@v1/a.bin', repo({ revision: 'v1', path: 'a.bin' })],
    ['hf://kyutai/moshiko-mlx-q4@refs/pr/1/a.bin', repo({ revision: 'refs/pr/1', path: 'a.bin' })],
    ['hf://kyutai/moshiko-mlx-q4@refs%2Fpr%2F1', repo({ revision: 'refs/pr/1' })],
    [HF, repo()],
    [`${HF}/`, repo()],
    [`${HF}?not-for-all-audiences=true#usage`, repo()],
    ['http://hf.co/kyutai/moshiko-mlx-q4', repo()],
    ['huggingface.co/kyutai/moshiko-mlx-q4', repo()],
    ['HuggingFace.co/kyutai/moshiko-mlx-q4', repo()],
    ['mirror.example:8443/hf/kyutai/moshiko-mlx-q4', repo()],
    ['https://mirror.example:8443/hf/kyutai/moshiko-mlx-q4', repo()],
    ['https://mirror.example:8443/hf/kyutai/moshiko-mlx-q4/tree/v1', repo({ revision: 'v1' })],
    ['https://huggingface.co/models/kyutai/moshiko-mlx-q4', repo()],
    ['https://huggingface.co/api/models/kyutai/moshiko-mlx-q4', repo()],
    ['https://huggingface.co/api/models/kyutai/moshiko-mlx-q4/revision/v1', repo({ revision: 'v1' })],
    [`${HF}/tree/main`, repo({ revision: 'main' })],
    [`${HF}/tree/main/sub/folder`, repo({ revision: 'main', path: 'sub/folder' })],
    [`${HF}/blob/main/model.q4.safetensors`, repo({ revision: 'main', path: 'model.q4.safetensors' })],
    [`${HF}/resolve/${SHA}/a%20b.bin?download=true`, repo({ revision: SHA, path: 'a b.bin' })],
    [`${HF}/raw/main/README.md`, repo({ revision: 'main', path: 'README.md' })],
    [`${HF}/tree/refs%2Fpr%2F1`, repo({ revision: 'refs/pr/1' })],
    [`${HF}/tree/refs%2Fpr%2F1/sub`, repo({ revision: 'refs/pr/1', path: 'sub' })],
    [`${HF}/tree/refs/pr/1/sub`, repo({ revision: 'refs/pr/1', path: 'sub' })],
    [`${HF}/commit/${SHA}`, repo({ revision: SHA })],
    [`${HF}/tree`, repo()],
    [`${HF}/discussions/3`, repo()],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text, endpoint)).toEqual(expected);
  });

  it.each([
    ['', 'not a catalog id'],
    ['Parakeet', 'not a catalog id'],
    ['a/b/c', 'not a catalog id'],
    ['../etc', 'not a catalog id'],
    ['org/..', 'not a catalog id'],
    ['org/na me', 'not a catalog id'],
    ['/org/name', 'not a catalog id'],
    ['datasets/squad', 'Only model repositories'],
    ['hf://datasets/org/name', 'Only model repositories'],
    ['https://huggingface.co/datasets/org/name', 'Only model repositories'],
    ['https://huggingface.co/spaces/org/name', 'Only model repositories'],
    ['https://huggingface.co/', 'not that of a model'],
    ['https://huggingface.co/kyutai', 'not that of a model'],
    ['https://huggingface.co/docs/hub', 'not that of a model'],
    ['https://evil.example/org/name', 'evil.example is not the Hub'],
    ['https://huggingface.co.evil.example/org/name', 'is not the Hub'],
    ['https://mirror.example/hf/org/name', 'is not the Hub'],
    ['https://huggingface.co@evil.example/org/name', 'user name'],
    ['file:///etc/passwd', 'file:'],
    ['javascript://huggingface.co/org/name', 'javascript:'],
    ['https://huggingface.co/org%2Fother/name', 'not a catalog id'],
    ['hf://org', 'not a catalog id'],
  ])('refuses %j', (text, why) => {
    expect(() => parseReference(text, endpoint)).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(why) }),
    );
  });

  it.each([`${HF}/blob/main/a%2F..%2F..%2Fb`, `${HF}/blob/main/a%00b`, `${HF}/blob/main/a%5Cb`])(
    'refuses the unsafe path in %s',
    (text) => {
      expect(() => parseReference(text, endpoint)).toThrow(expect.objectContaining({ code: 'PathUnsafe' }));
    },
  );

  it('does not repeat a token that was pasted by mistake', () => {
    expect(() => parseReference('hf_ABCdef123', endpoint)).toThrow(/^(?!.*ABCdef123)/);
  });
});
