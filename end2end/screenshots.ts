import type { Portal } from './support/portal.ts';
import { fileName, SCHEMES, SIZES } from './support/view.ts';
import { EXPECTED, PLAIN_STATES, STATES } from './support/states.ts';
import { test, UNUSED_PRELOAD } from './support/test.ts';

// Without transitions.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** For a picture Playwright injects a style, which the Content-Security-Policy blocks in Firefox. */
const BY_PICTURE = /blocked an inline style/;

async function take({ page }: Portal, state: string): Promise<void> {
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

for (const [state, reach] of Object.entries(STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(EXPECTED);
    announce(BY_PICTURE);
    await reach(portal, server);
    await take(portal, state);
  });
}

for (const [state, reach] of Object.entries(PLAIN_STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(/Failed to load resource/);
    announce(UNUSED_PRELOAD);
    announce(BY_PICTURE);
    const plain = await portal.withoutBoot();
    await reach(plain, server);
    await take(plain, state);
  });
}
