import { test } from '@playwright/test';

import { fileName, SCHEMES, SIZES } from './view.ts';
import type { Portal } from './portal.ts';

/** Takes pictures of a state: wide and narrow, light and dark. */
export async function take({ page }: Portal, state: string): Promise<void> {
  const folder = `screenshots/${test.info().project.name}`;
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const scheme of SCHEMES) {
      // As the theme that is chosen, because not every engine can emulate that of the system.
      await page.locator('html').evaluate((html, scheme) => {
        html.dataset.theme = scheme;
      }, scheme);
      const path = `${folder}/${fileName(state)}-${size}-${scheme}.png`;
      // A dialog or menu stays within the viewport.
      const isCovered = await page.locator('dialog[open], :popover-open').count();
      await page.screenshot({ path, fullPage: !isCovered });
    }
  }
}
