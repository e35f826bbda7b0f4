import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorld } from './harness.ts';
import { bytesOf, expectRightFiles, servedBytes, sha256 } from './on-disk.ts';
import { text, weights } from './repositories.ts';

const ID = 'org/name-GGUF';
const NAME = 'name-Q4_K_M.gguf';
const FILES = [text('README.md', 'x'), weights(NAME, 2_000_000)];
const REPOSITORY = { id: ID, files: FILES };
const IMAGE_MODEL = 'application/vnd.ollama.image.model';

async function put(path: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Folders of other tools in the home of a world. */
const placesIn = (root: string) => ({
  lmStudio: join(root, '.lmstudio', 'models', ID, NAME),
  blobs: join(root, '.ollama', 'models', 'blobs'),
  manifests: join(root, '.ollama', 'models', 'manifests'),
});

describe('a model that another tool has', () => {
  it('is taken from LM Studio by name and length, after it was hashed, and its file is left alone', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { lmStudio } = placesIn(world.root);
    await put(lmStudio, await bytesOf(FILES[1]!));
    const before = await stat(lmStudio);
    const engine = await world.open();
    const { done } = await engine.download({ reference: ID });
    expect(servedBytes(world.hub)).toBe(1);
    await expectRightFiles(done.snapshot, FILES);
    const after = await stat(lmStudio);
    expect([after.ino, after.mtimeMs, after.nlink]).toEqual([before.ino, before.mtimeMs, 1]);
    expect((await stat(join(done.snapshot, NAME))).ino).not.toBe(before.ino);
  });

  it('is taken from Ollama by its hash', async () => {
    await using world = await openWorld([REPOSITORY]);
    const bytes = await bytesOf(FILES[1]!);
    await put(join(placesIn(world.root).blobs, `sha256-${sha256(bytes)}`), bytes);
    const engine = await world.open();
    const { done } = await engine.download({ reference: ID });
    expect(servedBytes(world.hub)).toBe(1);
    await expectRightFiles(done.snapshot, FILES);
  });

  it('is downloaded all the same when its bytes are others, or it is a link', async () => {
    await using world = await openWorld([REPOSITORY]);
    const bytes = await bytesOf(FILES[1]!);
    const { lmStudio, blobs } = placesIn(world.root);
    await put(lmStudio, Buffer.alloc(bytes.length));
    await put(join(world.root, 'real'), bytes);
    await mkdir(blobs, { recursive: true });
    await symlink(join(world.root, 'real'), join(blobs, `sha256-${sha256(bytes)}`));
    const engine = await world.open();
    const { done } = await engine.download({ reference: ID });
    expect(servedBytes(world.hub)).toBeGreaterThan(bytes.length);
    await expectRightFiles(done.snapshot, FILES);
    expect(await readFile(lmStudio)).toEqual(Buffer.alloc(bytes.length));
  });

  it('is listed with the name that its tool gives it', async () => {
    await using world = await openWorld([]);
    const { lmStudio, blobs, manifests } = placesIn(world.root);
    await put(lmStudio, 'weights');
    const digest = 'a'.repeat(64);
    await put(join(blobs, `sha256-${digest}`), 'llama');
    const manifest = JSON.stringify({ layers: [{ mediaType: IMAGE_MODEL, digest: `sha256:${digest}` }] });
    await put(join(manifests, 'registry.ollama.ai', 'library', 'llama3.2', 'latest'), manifest);
    await put(join(manifests, 'hf.co', 'org', 'name', 'Q4_K_M'), manifest);
    const engine = await world.open();
    const { elsewhere = [] } = await engine.call('library.list', {});
    expect(elsewhere.map(({ tool, name, repo, bytes }) => [tool, name, repo, bytes])).toEqual([
      ['lm-studio', ID, ID, 7],
      ['ollama', 'hf.co/org/name:Q4_K_M', 'org/name', 5],
      ['ollama', 'llama3.2:latest', null, 5],
    ]);
  });

  it('does no harm when its folder is broken, hostile, or leads in circles', async () => {
    await using world = await openWorld([]);
    const { lmStudio, blobs, manifests } = placesIn(world.root);
    const models = join(lmStudio, '..', '..', '..');
    await put(join(models, '..x', '--y', 'a.gguf'), 'x');
    await put(join(models, 'org', 'name', 'sub', 'deep', 'deeper', 'deepest', 'under', 'a.gguf'), 'x');
    await symlink(models, join(models, 'org', 'circle'));
    const library = join(manifests, 'registry.ollama.ai', 'library');
    const blob = (digest: string) => JSON.stringify({ layers: [{ mediaType: IMAGE_MODEL, digest }] });
    await put(join(library, 'no-json', 'latest'), '{');
    await put(join(library, 'lies', 'latest'), blob('sha256:../../../../etc/passwd'));
    await put(join(library, 'gone', 'latest'), blob(`sha256:${'b'.repeat(64)}`));
    await put(join(library, 'long', 'latest'), `"${'x'.repeat(300_000)}"`);
    await put(join(library, 'shape', 'latest'), '{"layers":{"constructor":1}}');
    await mkdir(blobs, { recursive: true });
    await symlink('/etc/passwd', join(blobs, `sha256-${'c'.repeat(64)}`));
    await put(join(library, 'link', 'latest'), blob(`sha256:${'c'.repeat(64)}`));
    const engine = await world.open();
    expect((await engine.call('library.list', {})).elsewhere).toBeUndefined();
  });

  it('is also one in another cache folder of this computer', async () => {
    await using world = await openWorld([REPOSITORY]);
    const cacheDir = join(world.root, '.cache', 'huggingface', 'hub');
    const other = await world.open({ dataDir: join(world.root, 'other'), cacheDir });
    await other.download({ reference: ID });
    const { elsewhere } = await (await world.open()).call('library.list', {});
    expect(elsewhere).toMatchObject([{ tool: 'cache', repo: ID, files: 2 }]);
  });
});
