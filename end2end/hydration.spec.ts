import { expect, test } from './support/test.ts';

/** Each page, and whether to log in first. */
const PAGES: [string, boolean][] = [
  ['/login', false],
  ['/docs/api', false],
  ['/', true],
  ['/profile', true],
  ['/docs/api', true],
];

test.describe('under its Content-Security-Policy', { tag: '@javascript' }, () => {
  for (const [path, isSignedIn] of PAGES) {
    const who = isSignedIn ? 'a client' : 'anybody';
    test(`${path} comes to life for ${who}, silently and from one origin`, async ({ portal, server }) => {
      const { page } = portal;
      if (isSignedIn) {
        await portal.signIn();
        await portal.createUnseen('A');
      }
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          console.error(`${event.violatedDirective}: ${event.blockedURI}`);
        });
      });
      const requested: URL[] = [];
      page.on('request', (request) => requested.push(new URL(request.url())));
      const answer = await page.goto(path);
      await portal.ready();

      const policy = (await answer!.allHeaders())['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain("'unsafe-inline'");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(requested.filter(({ origin }) => origin !== server.url)).toEqual([]);
      const wasm = requested.filter(({ pathname }) => pathname.endsWith('.wasm'));
      expect(wasm).toHaveLength(1);
      const fetched = await page.evaluate(
        () => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length,
      );
      expect(fetched).toBe(1);
    });
  }

  test('a page that is not there is still a page', async ({ portal, announce }) => {
    announce(/status of 404/);
    await portal.open('/nowhere');
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
    await portal.follow(portal.page.getByRole('link', { name: 'Go to the home page' }), '/login');
  });
});
