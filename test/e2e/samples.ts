import type { Page } from 'playwright';

/** A row's texts at one moment. */
export interface Sample {
  /** Milliseconds since the page was loaded. */
  readonly at: number;
  /** `aria-valuenow`; null while it is absent. */
  readonly percent: number | null;
  readonly valueText: string;
  readonly text: string;
}

/**
 * Collects a row's texts from now on, at each change on the page; the returned function stops it and returns the
 * samples.
 */
export async function sampleRow(page: Page, name: RegExp): Promise<() => Promise<readonly Sample[]>> {
  await page.evaluate(
    ({ source, flags }) => {
      const wanted = new RegExp(source, flags);
      const samples: unknown[] = [];
      let last = '';
      const take = () => {
        const rows = [...document.querySelectorAll('li, [role="listitem"], [role="option"]')];
        const row = rows.find((element) => wanted.test(element.getAttribute('aria-label') ?? ''));
        const bar = row?.querySelector('[role="progressbar"]');
        if (row === undefined) return;
        const now = bar?.getAttribute('aria-valuenow') ?? null;
        const sample = {
          percent: now === null ? null : Number(now),
          valueText: bar?.getAttribute('aria-valuetext') ?? '',
          text: (row as HTMLElement).innerText.replaceAll('\n', ' | '),
        };
        const key = JSON.stringify(sample);
        if (key !== last) samples.push({ at: performance.now(), ...sample });
        last = key;
      };
      const observer = new MutationObserver(take);
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      take();
      Object.assign(globalThis, {
        endSampling: () => {
          observer.disconnect();
          return samples;
        },
      });
    },
    { source: name.source, flags: name.flags },
  );
  return () =>
    page.evaluate(() => (globalThis as unknown as { endSampling(): readonly Sample[] }).endSampling());
}

/** Returns what a pattern's first group finds in the texts, in order, without repetitions. */
export function told(samples: readonly Sample[], pattern: RegExp): readonly string[] {
  const found = samples.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
  return found.filter((value, index) => value !== found[index - 1]);
}
