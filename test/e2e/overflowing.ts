import type { Page } from 'playwright';

/**
 * Finds elements that stick out of the window to the right, make the page scroll sideways, or show truncated status
 * texts.
 */
export function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found =
      root.scrollWidth > innerWidth || root.scrollHeight > innerHeight ? ['the page itself scrolls'] : [];
    for (const element of document.querySelectorAll(
      'button, a, input, select, h1, h2, h3, [role="progressbar"]',
    )) {
      const { right, left, width } = element.getBoundingClientRect();
      const isShown = width > 1 && element.checkVisibility();
      if (isShown && (right > innerWidth + 1 || left < -1)) found.push(element.outerHTML.slice(0, 120));
    }
    for (const element of document.querySelectorAll('[data-testid="state-text"]')) {
      if (element.scrollWidth > element.clientWidth) found.push(`cut: ${element.textContent}`);
    }
    return found;
  });
}
