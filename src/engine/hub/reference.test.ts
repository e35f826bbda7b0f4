import { describe, expect, it } from 'vitest';
import { passesFilter } from '../queue/selection.ts';
import { parseEndpoint } from './endpoint.ts';
import { parseReference, type Reference, type RepositoryReference } from './reference.ts';

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
    [`${HF}/discussions`, repo()],
    [`${HF}/discussions/3`, repo({ revision: 'refs/pr/3' })],
    [`${HF}/discussions/3/files`, repo({ revision: 'refs/pr/3' })],
    [`${HF}/edit/main/README.md`, repo({ revision: 'main', path: 'README.md' })],
    [`<${HF}>`, repo()],
    [`"${HF}"`, repo()],
    ['`kyutai/moshiko-mlx-q4`', repo()],
    ['kyutai/moshiko-mlx-q4/', repo()],
    ['kyutai/moshiko-mlx-q4.git', repo()],
    [`${HF}.git`, repo()],
    ['models/kyutai/moshiko-mlx-q4', repo()],
    ['hf://models/kyutai/moshiko-mlx-q4', repo()],
    ['models--kyutai--moshiko-mlx-q4', repo()],
    ['kyutai/moshiko-mlx-q4@v1', repo({ revision: 'v1' })],
    ['kyutai/moshiko-mlx-q4@refs/pr/1', repo({ revision: 'refs/pr/1' })],
    ['datasets/org/name', { kind: 'repo', repo: 'datasets/org/name' }],
    ['hf://datasets/org/name@v1/a', { kind: 'repo', repo: 'datasets/org/name', revision: 'v1', path: 'a' }],
    ['https://huggingface.co/datasets/org/name', { kind: 'repo', repo: 'datasets/org/name' }],
    [
      'https://huggingface.co/datasets/org/name/tree/main/data',
      { kind: 'repo', repo: 'datasets/org/name', revision: 'main', path: 'data' },
    ],
    ['https://huggingface.co/api/datasets/org/name', { kind: 'repo', repo: 'datasets/org/name' }],
    ['https://huggingface.co/spaces/org/name', { kind: 'repo', repo: 'spaces/org/name' }],
    ['datasets--org--name', { kind: 'repo', repo: 'datasets/org/name' }],
    ['hf download --repo-type dataset org/name', { kind: 'repo', repo: 'datasets/org/name' }],
    ['snapshot_download("org/name", repo_type="space")', { kind: 'repo', repo: 'spaces/org/name' }],
    ['gpt2', { kind: 'repo', repo: 'openai-community/gpt2' }],
    ['https://huggingface.co/bert-base-uncased', { kind: 'repo', repo: 'google-bert/bert-base-uncased' }],
    ['hf download kyutai/moshiko-mlx-q4', repo()],
    ['$ hf download kyutai/moshiko-mlx-q4 --quiet', repo()],
    ['!huggingface-cli download kyutai/moshiko-mlx-q4', repo()],
    ['HF_HUB_ENABLE_HF_TRANSFER=1 hf download kyutai/moshiko-mlx-q4', repo()],
    [
      "hf download kyutai/moshiko-mlx-q4 a.bin 'b c.bin' --revision v1 --token hf_x",
      repo({ revision: 'v1', files: ['a.bin', 'b c.bin'] }),
    ],
    [
      'huggingface-cli download \\\n  kyutai/moshiko-mlx-q4 --include "*.json" "*.txt" --exclude=*.bin \\\n --revision=v1 --repo-type model',
      repo({ revision: 'v1', include: ['*.json', '*.txt'], exclude: ['*.bin'] }),
    ],
    ['snapshot_download("kyutai/moshiko-mlx-q4")', repo()],
    [
      "huggingface_hub.snapshot_download(repo_id='kyutai/moshiko-mlx-q4', revision='v1', allow_patterns=['*.json', '*.txt'], ignore_patterns='*.bin')",
      repo({ revision: 'v1', include: ['*.json', '*.txt'], exclude: ['*.bin'] }),
    ],
    ['hf_hub_download("kyutai/moshiko-mlx-q4", "a.bin")', repo({ files: ['a.bin'] })],
    ['path = hf_hub_download(filename="a.bin", repo_id="kyutai/moshiko-mlx-q4")', repo({ files: ['a.bin'] })],
    ['AutoModel.from_pretrained("kyutai/moshiko-mlx-q4", revision="v1")', repo({ revision: 'v1' })],
    ['AutoModel.from_pretrained("gpt2")', { kind: 'repo', repo: 'openai-community/gpt2' }],
    [`git clone ${HF}`, repo()],
    ['git clone git@hf.co:kyutai/moshiko-mlx-q4', repo()],
    [`wget -c ${HF}/resolve/main/a.bin?download=true`, repo({ revision: 'main', path: 'a.bin' })],
    [`curl -L -O ${HF}/resolve/main/a.bin`, repo({ revision: 'main', path: 'a.bin' })],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text, endpoint)).toEqual(expected);
  });

  it.each([
    ['', 'isn’t a catalog ID'],
    ['Parakeet', 'isn’t a catalog ID'],
    ['a/b/c', 'isn’t a catalog ID'],
    ['../etc', 'isn’t a catalog ID'],
    ['org/..', 'isn’t a catalog ID'],
    ['org/na me', 'isn’t a catalog ID'],
    ['/org/name', 'isn’t a catalog ID'],
    ['kernels/org/name', 'Only models, datasets'],
    ['https://huggingface.co/', 'isn’t the address of a model'],
    ['https://huggingface.co/kyutai', 'isn’t the address of a model'],
    ['https://huggingface.co/docs/hub', 'isn’t the address of a model'],
    ['https://evil.example/org/name', 'evil.example isn’t Hugging Face'],
    ['https://huggingface.co.evil.example/org/name', 'isn’t Hugging Face'],
    ['https://mirror.example/hf/org/name', 'isn’t Hugging Face'],
    ['https://huggingface.co@evil.example/org/name', 'user name'],
    ['file:///etc/passwd', 'file:'],
    ['javascript://huggingface.co/org/name', 'javascript:'],
    ['https://huggingface.co/org%2Fother/name', 'isn’t a catalog ID'],
    ['hf://org', 'isn’t a catalog ID'],
  ])('refuses %j', (text, why) => {
    expect(() => parseReference(text, endpoint)).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(why) }),
    );
  });

  it.each([
    'hf.co/bartowski/Model-GGUF:Q4_K_M',
    'bartowski/Model-GGUF:q4_k_m',
    'ollama run hf.co/bartowski/Model-GGUF:Q4_K_M',
    'ollama pull huggingface.co/bartowski/Model-GGUF:Q4_K_M',
    'llama-server -hf bartowski/Model-GGUF:Q4_K_M',
    'https://huggingface.co/bartowski/Model-GGUF:Q4_K_M',
  ])('reads %s as one quantization', (text) => {
    const reference = parseReference(text, endpoint) as RepositoryReference;
    expect(reference.repo).toBe('bartowski/Model-GGUF');
    const passes = passesFilter({ includes: [reference.include ?? []], exclude: [] });
    const files = [
      'a-Q4_K_M.gguf',
      'a-UD-Q4_K_M.gguf',
      'a.q4_k_m-00001-of-00002.gguf',
      'Q4_K_M/a-00001-of-00003.gguf',
    ];
    const others = ['a-Q4_K_S.gguf', 'a-IQ4_K_M.gguf', 'a-Q4_K_M_L.gguf', 'README.md', 'Q4_K_L/a.gguf'];
    expect([...files, ...others].filter(passes)).toEqual(files);
  });

  it('reads the tag latest as the whole repository', () => {
    expect(parseReference('hf.co/org/name:latest', endpoint)).toEqual({ kind: 'repo', repo: 'org/name' });
  });

  it.each([
    ['hf download --repo-type kernel org/name', 'Only models, datasets'],
    ['hf download org/name --local-dir ./here', 'can’t choose the folder'],
    ["snapshot_download('org/name', local_dir='x')", 'can’t choose the folder'],
    ['hf download', 'names no repository'],
    ['snapshot_download(repo)', 'Type it as org/name'],
    ['ollama run llama3', 'exactly one address'],
    ['hf download llama', 'org/name'],
    ['org/name:a:b', 'isn’t a catalog ID'],
    [`${HF}/nonsense/x`, 'isn’t the address of a model'],
  ])('says how %j is done here', (text, words) => {
    expect(() => parseReference(text, endpoint)).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(words) }),
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
