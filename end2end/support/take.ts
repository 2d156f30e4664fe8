import type { Portal } from './portal.ts';
import { fileName } from './states.ts';

const WIDTHS = { wide: 1280, narrow: 360 };
const SCHEMES = ['light', 'dark'] as const;

/** Takes pictures of a state: wide and narrow, light and dark. */
export async function take({ page }: Portal, state: string): Promise<void> {
  for (const [size, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: width > 800 ? 800 : 740 });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = `screenshots/${fileName(state)}-${size}-${colorScheme}.png`;
      // A dialog or menu stays within the viewport.
      const isCovered = await page.locator('dialog[open], :popover-open').count();
      await page.screenshot({ path, fullPage: !isCovered });
    }
  }
}
