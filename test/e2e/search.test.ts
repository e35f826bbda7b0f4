import { describe, expect, it } from 'vitest';
import { llamaFamily } from '../hub/fixtures/llama.ts';
import { madeUpModels } from '../hub/fixtures/made-up.ts';
import { GATED } from '../hub/fixtures/odd.ts';
import { openApp, type TestApp } from './app.ts';
import { says } from './pane.ts';

const FIELD = 'Search models, or paste a link';
const GGUF = 'bartowski/Llama-3.2-1B-Instruct-GGUF';
const models = { repositories: [...madeUpModels(2000), ...llamaFamily(1 / 1000), GATED] };
const mac = { HAULYARD_ASSUME_HARDWARE: 'Apple M2,16GB' };

/** Counts the presses of a mouse, as a person would. */
function clicks({ page }: TestApp) {
  let count = 0;
  return {
    get count() {
      return count;
    },
    async on(name: string | RegExp, role: 'button' | 'textbox' | 'radio' = 'button'): Promise<void> {
      count += 1;
      await page.getByRole(role, { name }).first().click();
    },
  };
}

/** The row of Downloads of what was just started. */
const started = ({ page }: TestApp, name: RegExp) => page.getByRole('listitem', { name }).first();

describe('a first-time user', () => {
  it('comes from the first start to a small Llama for this Mac in four clicks and a word', async () => {
    await using app = await openApp({ hub: models, env: mac });
    const click = clicks(app);
    await click.on(FIELD, 'textbox');
    await app.page.keyboard.type('llama');
    await app.page.getByRole('list', { name: 'Models on Hugging Face' }).waitFor();
    await click.on(/^Download mlx-community\/Llama-3.2-1B-Instruct/);
    await click.on(/^Download \d/);
    await says(started(app, /Llama-3\.2-1B-Instruct/), /^Ready/);
    expect(click.count).toBeLessThanOrEqual(4);
    expect(app.hub.violations).toEqual([]);
  });

  it('is told which of sixteen files to take, in words, and gets that one', async () => {
    await using app = await openApp({ hub: models, env: mac });
    const { page } = app;
    await page.getByRole('textbox', { name: FIELD }).fill(GGUF);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /GGUF/ });
    const proposed = dialog.getByRole('radio', { checked: true });
    await proposed.waitFor();
    expect(await proposed.textContent()).toMatch(/Recommended/);
    expect(await proposed.getAttribute('aria-label')).toMatch(
      /Answers like the original|Hardly any difference/,
    );
    await dialog.getByText(/^The best of those that run.*Leaves out 15 other versions/).waitFor();
    await dialog.getByRole('button', { name: /^Download 1\.0 MB|^Download \d+ KB/ }).click();
    await says(started(app, /Llama-3\.2-1B-Instruct-GGUF/), /^Ready/);
    const { downloads } = await app.call('snapshot', {});
    expect(downloads[0]?.files.filter(({ path }) => path.endsWith('.gguf'))).toHaveLength(1);
  });

  it('comes from Ask for Access to a gated model that is ready', async () => {
    await using app = await openApp({ hub: models, env: mac });
    const { page, hub } = app;
    // Nobody sees a browser here; what would be shown in it is remembered.
    await app.app.evaluate(({ shell }) => {
      Object.assign(globalThis, { opened: [] });
      shell.openExternal = async (url) =>
        void (globalThis as unknown as { opened: string[] }).opened.push(url);
    });
    await app.call('token.save', { token: 'hf_local_reader' });
    await page.getByRole('textbox', { name: FIELD }).fill('gated-org/gated-model');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /gated-model/ });
    await dialog.getByText(/Signed in as reader/).waitFor();
    expect(await dialog.getByRole('button', { name: /^Download/ }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Ask for Access' }).click();
    const opened = () => app.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
    await expect.poll(opened).toEqual([`${hub.url}/gated-org/gated-model`]);
    hub.askForAccess('hf_local_reader', GATED.id);
    await dialog.getByRole('button', { name: 'I Have Access' }).click();
    await dialog.getByText(/owners haven’t answered/).waitFor();
    hub.decideAccess('hf_local_reader', GATED.id, 'granted');
    await dialog.getByRole('button', { name: 'I Have Access' }).click();
    await dialog.getByText(/You have access/).waitFor();
    await dialog.getByRole('button', { name: /^Download 3/ }).click();
    await says(started(app, /gated-model/), /^Ready/);
    expect(hub.violations).toEqual([]);
  });
});
