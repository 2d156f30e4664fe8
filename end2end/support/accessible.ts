import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { type Portal, sidewaysScroll } from './portal.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Rules of axe whose result depends on the theme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Nothing that axe finds, light and dark, wide and narrow, and nothing that scrolls sideways. */
export async function expectAccessible({ page }: Portal): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await sidewaysScroll(page), `sideways at ${width} px`).toBe(0);
    // The header stays at the top, so further down it covers a part of something at any moment.
    await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNothingFound(new AxeBuilder({ page }).withTags(TAGS), `light, ${width} px`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNothingFound(new AxeBuilder({ page }).withRules(COLOURS), `dark, ${width} px`);
  }
}

async function expectNothingFound(axe: AxeBuilder, where: string): Promise<void> {
  const { passes, violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\n${target.join(' ')}\n${failureSummary}`),
  );
  expect.soft(found, where).toEqual([]);
  expect(passes.map(({ id }) => id), 'what was checked').toContain('color-contrast');
}
