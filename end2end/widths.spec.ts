import type { Page } from '@playwright/test';

import { STATES } from './support/states.ts';
import { sidewaysScroll } from './support/portal.ts';
import { expect, test } from './support/test.ts';

/** Elements that stick out of the card they are in. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.card *')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, thead, pre, svg'))
      .filter((element) => {
        const card = element.closest('.card')!.getBoundingClientRect();
        const { left, right } = element.getBoundingClientRect();
        return left < card.left - 1 || right > card.right + 1;
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 160)),
  );
}

for (const state of ['profile with many tokens', 'token page in use', 'revoke all page', 'all tokens page', 'two sessions']) {
  test(`at every width nothing leaves its card: ${state}`, { tag: '@javascript' }, async ({ portal, server }) => {
    const { page } = portal;
    await STATES[state](portal, server);
    for (let width = 320; width <= 1400; width += 20) {
      await page.setViewportSize({ width, height: 700 });
      expect.soft(await sidewaysScroll(page), `sideways, ${width} px`).toBe(0);
      expect.soft(await sticksOut(page), `${width} px`).toEqual([]);
    }
  });
}
