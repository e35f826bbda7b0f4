import { expect, it } from 'vitest';
import { llamaFamily } from '../hub/fixtures/llama.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { openApp } from './app.ts';

const FIELD = 'Search models, or paste a link';
/** What people have put into Markdown to get a program to run, to load or to show something else. */
const README = `---
license: mit
---
# Trap

<script>window.pwned = 'script'</script>
<img src="https://evil.example/pixel.png" onerror="window.pwned = 'image'">
<svg onload="window.pwned = 'svg'"><script>window.pwned = 'svg script'</script></svg>
<iframe src="https://evil.example/" srcdoc="<script>parent.pwned = 1</script>"></iframe>
<form action="https://evil.example/"><button>Download 1 MB</button></form>
<style>* { display: none }</style>
<div style="position: fixed; inset: 0; z-index: 9999; background: red" onclick="window.pwned = 'click'">Cover</div>
<a href="javascript:window.pwned = 'link'">Click me</a> [and me](https://evil.example/?q=1)
<math><mtext><table><mglyph><style><img src=x onerror="window.pwned = 'mutation'"></style></mglyph></table></mtext></math>
![remote](https://evil.example/second.png)

The end of the trap.
`;
const TRAP: RepositoryDeclaration = {
  id: 'org/trap',
  listed: {
    downloads: 3,
    tags: ['gguf', '<img src=x onerror=alert(1)>'],
    pipeline_tag: '<b>x</b>',
    library_name: 'constructor',
  },
  files: [
    { path: 'README.md', kind: 'bytes', content: README },
    { path: 'model-Q4_K_M.gguf', kind: 'seeded', size: 5000, seed: 'trap', format: 'binary', lfs: true },
    {
      path: '<img src=x onerror=alert(1)>-Q8_0.gguf',
      kind: 'seeded',
      size: 9000,
      seed: 'trap',
      format: 'binary',
      lfs: true,
    },
  ],
};

it('a hostile card runs nothing, loads nothing and covers nothing, and no policy has to stop it', async () => {
  await using app = await openApp({ hub: { repositories: [TRAP, ...llamaFamily(1 / 1000)] } });
  const { page } = app;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('textbox', { name: FIELD }).fill('trap');
  await page.getByRole('listitem', { name: 'org/trap' }).waitFor();
  await page.getByRole('button', { name: 'Download org/trap…' }).click();
  const dialog = page.getByRole('dialog', { name: /org\/trap/ });
  await dialog.getByText('The end of the trap.').waitFor();
  await dialog.getByText(/^Cover/).click();
  const seen = await page.evaluate(() => ({
    pwned: (globalThis as { pwned?: unknown }).pwned ?? null,
    elements: document.querySelectorAll('[role=dialog] :is(img, iframe, form, a, style, script, math)')
      .length,
    buttons: [...document.querySelectorAll('[role=dialog] button')].map(({ textContent }) => textContent),
  }));
  expect(seen.pwned).toBeNull();
  expect(seen.elements).toBe(0);
  expect(seen.buttons.filter((text) => text === 'Download 1 MB')).toEqual([]);
  expect(asked.filter((url) => !url.startsWith('app://'))).toEqual([]);
  // A real press still goes to the real button.
  await dialog.getByRole('button', { name: /^Download \d/ }).click();
  await page.getByRole('heading', { name: 'Downloads', level: 1 }).waitFor();
});
