import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';

const GATED = /gated-org\/gated-model/;

async function stopAtTheGate(app: TestApp): Promise<void> {
  await app.call('downloads.add', { reference: 'gated-org/gated-model' });
  await goTo(app.page, 'Downloads');
  await says(row(app.page, GATED), /access/);
}

describe('a gated model', () => {
  it('says what it needs, takes the token, and goes on', async () => {
    await using app = await openApp();
    const { page } = app;
    await stopAtTheGate(app);
    await row(page, GATED).getByRole('button', { name: 'Enter Token…' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.keyboard.type('hf_local_granted');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await app.call('token.status', {})).present).toBe(true);
    await goTo(page, 'Downloads');
    const resume = row(page, GATED).getByRole('button', { name: /^(Resume|Try Again)$/ });
    const ready = row(page, GATED)
      .getByText(/^Ready/)
      .first();
    await resume.or(ready).first().waitFor();
    if (await resume.isVisible()) await resume.click();
    await says(row(page, GATED), /^Ready/);
    expect(app.hub.violations).toEqual([]);
  });

  it('stays closed for a token without access, and says so', async () => {
    await using app = await openApp();
    await app.call('token.save', { token: 'hf_local_reader' });
    await stopAtTheGate(app);
    await says(row(app.page, GATED), /gated.*Ask for access/);
  });

  it('is asked for the token in the preview already', async () => {
    await using app = await openApp();
    await app.page
      .getByRole('textbox', { name: 'Search models, or paste a link' })
      .fill('gated-org/gated-model');
    await app.page.keyboard.press('Enter');
    const dialog = app.page.getByRole('dialog', { name: /^Files/ });
    await dialog.getByRole('button', { name: /^(Enter Token…|Download 3)/ }).waitFor();
  });
});
