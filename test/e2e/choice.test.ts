import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';

/** Requests for content; looking at a repository needs none. */
function contentRequests({ hub }: TestApp): number {
  return hub.requests.filter(({ origin, path }) => origin === 'cdn' || path.includes('/resolve/')).length;
}

describe('the choice of a variant', () => {
  it.each([
    ['Apple M3 Pro,18GB', 'Q4', '5.2 GB'],
    ['Apple M4 Pro,24GB', 'Q8', '8.6 GB'],
    ['Apple M3 Max,64GB', 'BF16', '15.8 GB'],
  ])('for %s is made beforehand: %s', async (machine, variant, size) => {
    await using app = await openApp({ env: { HAULYARD_ASSUME_HARDWARE: machine } });
    await app.page.getByRole('button', { name: `Download Moshi ${variant} · ${size}` }).waitFor();
    const chosen = app.page
      .getByRole('radiogroup', { name: 'Precision of Moshi' })
      .getByRole('radio', { checked: true });
    expect(await chosen.getAttribute('aria-label')).toMatch(new RegExp(`^${variant}, ${size}, Runs well$`));
  });

  it('is explained with its reasons, and can be changed', async () => {
    await using app = await openApp({ env: { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' } });
    const { page } = app;
    await page.getByRole('button', { name: /^Why\?.*Moshi/ }).click();
    const why = page.getByRole('dialog');
    await why.getByText(/Apple M3 Pro · 18 GB/).waitFor();
    await why
      .getByText(/150 GB\/s/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: /^Q8/ }).click();
    await page.getByText('Q4 would be the best choice for this computer.').waitFor();
    await page.getByRole('button', { name: /^Download Moshi Q8/ }).click();
    await goTo(page, 'Downloads');
    await says(row(page, /^Moshi Q8$/), /^Ready/);
    const repos = new Set(
      app.hub.requests.map(({ repo }) => repo).filter((repo) => repo !== null && repo !== undefined),
    );
    expect([...repos]).toEqual(['kyutai/moshiko-mlx-q8']);
  });
});

describe('a pasted link', () => {
  it('shows the files and sizes before anything starts', async () => {
    await using app = await openApp();
    const { page } = app;
    await page.keyboard.press('ControlOrMeta+l');
    await page.keyboard.type(`${app.hub.url}/kyutai/moshiko-mlx-q4/tree/main`);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Files/ });
    await dialog.getByText('model.safetensors').waitFor();
    await dialog.getByText('4.0 MB', { exact: false }).first().waitFor();
    expect(contentRequests(app)).toBe(0);
    await dialog.getByRole('button', { name: /^Download 4/ }).click();
    await says(row(page, /Moshi Q4|moshiko-mlx-q4/), /^Ready/);
  });

  it('that leads nowhere is answered with words', async () => {
    await using app = await openApp();
    await app.page.getByRole('textbox', { name: 'Search models, or paste a link' }).fill('nobody/nothing');
    await app.page.keyboard.press('Enter');
    const dialog = app.page.getByRole('dialog', { name: /^Files/ });
    await dialog
      .getByText(/There is no repository nobody\/nothing/)
      .first()
      .waitFor();
    expect((await app.call('snapshot', {})).downloads).toEqual([]);
  });
});

describe('a haulyard:// link', () => {
  const open = (app: TestApp, url: string) =>
    app.app.evaluate(({ app: electronApp }, link) => {
      const argv = [process.execPath, link];
      electronApp.emit('open-url', { preventDefault: () => undefined }, link);
      electronApp.emit('second-instance', { preventDefault: () => undefined }, argv, '/', null);
    }, url);

  it('opens the preview and starts nothing', async () => {
    await using app = await openApp();
    await open(app, 'haulyard://download?repo=kyutai/moshiko-mlx-q8');
    await app.page
      .getByRole('dialog', { name: /^Files/ })
      .getByText('model.safetensors')
      .waitFor();
    expect(contentRequests(app)).toBe(0);
    expect((await app.call('snapshot', {})).downloads).toEqual([]);
  });

  it('of another form does nothing at all', async () => {
    await using app = await openApp();
    await open(app, 'haulyard://download?repo=../../etc/passwd');
    await open(app, 'haulyard://cancel?id=1');
    await open(app, 'haulyard://download?repo=kyutai/moshiko-mlx-q8&endpoint=https://evil.example');
    await app.call('snapshot', {});
    expect(await app.page.getByRole('dialog').count()).toBe(0);
  });
});
