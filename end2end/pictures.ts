import { DEMO_CLIENT } from './support/server.ts';
import { DEMO_SERVER, expect, test } from './support/test.ts';

/** The pictures of the README: the demo's client, in a window of a usual size. */
test.use({
  viewport: { width: 1120, height: 720 },
  deviceScaleFactor: 1.5,
  contextOptions: { reducedMotion: 'reduce' },
  server: DEMO_SERVER,
  client: async ({}, use) => use(DEMO_CLIENT),
});

/** The token of each picture. */
const TOKENS = { light: 'Customer app', dark: 'Data warehouse' };

for (const colorScheme of ['light', 'dark'] as const) {
  test(`in ${colorScheme} colors`, async ({ portal }) => {
    const { page } = portal;
    const take = (name: string) =>
      page.screenshot({ path: `../docs/pictures/${name}-${colorScheme}.png` });
    await page.emulateMedia({ colorScheme });
    await portal.signIn();
    await portal.open('/');
    await take('overview');
    await portal.open('/profile');
    await portal.create(TOKENS[colorScheme]);
    await expect(portal.button('Copy token')).toBeFocused();
    await take('reveal');
    await portal.leaveReveal();
  });
}
