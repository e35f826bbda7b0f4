import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, ElementContext, RunOptions, Spec } from 'axe-core';
import type { Page } from 'playwright';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What of axe is used in the page. */
interface Axe {
  configure(spec: Spec): void;
  run(context: ElementContext, options: RunOptions): Promise<AxeResults>;
}

/** What axe finds wrong on the page as it is now: the rule, what it wants, and the elements. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: Axe };
    // An open menu is next to the landmarks, as dialogs are, which axe allows them.
    const regionMatcher = 'dialog, [role=dialog], [role=alertdialog], svg, [role=menu]';
    axe.configure({ checks: [{ id: 'region', options: { regionMatcher } }] });
    // These elements pass the focus on at once: they are how the popup keeps it inside.
    const exclude = [['[data-base-ui-focus-guard]']];
    return axe.run({ include: [['html']], exclude }, { resultTypes: ['violations'] });
  });
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 4)
        .map(({ html, any }) => `${html.slice(0, 160)} (${any.map(({ message }) => message).join(' ')})`)
        .join(' | ')}`,
  );
}
