import type { Portal } from './support/portal.ts';
import { EXPECTED, fileName, PLAIN_STATES, STATES } from './support/states.ts';
import { test, UNUSED_PRELOAD } from './support/test.ts';

const WIDTHS = { wide: 1280, narrow: 390 };
const SCHEMES = ['light', 'dark'] as const;

// Without transitions.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function take({ page }: Portal, state: string): Promise<void> {
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

for (const [state, reach] of Object.entries(STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(EXPECTED);
    await reach(portal, server);
    await take(portal, state);
  });
}

for (const [state, reach] of Object.entries(PLAIN_STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(/Failed to load resource/);
    announce(UNUSED_PRELOAD);
    const plain = await portal.withoutBoot();
    await reach(plain, server);
    await take(plain, state);
  });
}
