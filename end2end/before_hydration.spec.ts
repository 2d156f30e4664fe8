import type { Route } from '@playwright/test';

import { TOKEN } from './support/portal.ts';
import { expect, test, UNUSED_PRELOAD } from './support/test.ts';

const WASM = '**/*.wasm';

/** What can happen to the WebAssembly while it is loading. */
const WAYS: Record<string, (route: Route) => Promise<void>> = {
  'is blocked': (route) => route.abort(),
  'is not there': (route) => route.fulfill({ status: 404 }),
  'is corrupted': (route) =>
    route.fulfill({ contentType: 'application/wasm', body: '\0asm\x01\0\0\0corrupted' }),
  'never arrives': () => Promise.resolve(),
};
// From before the first key press to after hydration.
for (const milliseconds of [0, 25, 50, 100, 200, 400]) {
  WAYS[`is ${milliseconds} ms late`] = async (route) => {
    await new Promise((arrived) => setTimeout(arrived, milliseconds));
    // The page may have been left by then.
    await route.continue().catch(() => undefined);
  };
}

test.describe('when the WebAssembly', { tag: '@javascript' }, () => {
  for (const [what, way] of Object.entries(WAYS)) {
    test(`${what}, login works, and no token is made unseen`, async ({ portal, announce, me }) => {
      announce(UNUSED_PRELOAD);
      announce(/The page goes on without WebAssembly/);
      announce(/Failed to load resource.*\.wasm/);
      const { page } = portal;
      await page.route(WASM, way);

      await page.goto('/login', { waitUntil: 'commit' });
      await portal.logIn();
      await page.waitForURL('/');
      await page.goto('/profile', { waitUntil: 'commit' });
      await portal.submit('A');
      await expect(portal.secret).toHaveText(TOKEN);
      const token = await portal.secret.innerText();
      expect((await me(token)).status()).toBe(200);

      await page.goto('/profile', { waitUntil: 'commit' });
      await expect(portal.rows).toHaveCount(1);
      await expect(portal.row('A')).toContainText(`ot_live_…${token.slice(-4)}`);
    });
  }
});
