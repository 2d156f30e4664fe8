import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sidewaysScroll } from './support/portal.ts';
import { Server } from './support/server.ts';
import { expect, test as base } from './support/test.ts';

/** Would be seen by the test's dialogs and console if anything in it ran. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" onload="alert(1)">' +
  '<rect width="40" height="40" fill="#b45309"/><script>alert(document.domain)</script></svg>';
const NAME = 'פורטל <b>Acme</b>';

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'opentill-brand-'));
      writeFileSync(join(folder, 'logo.svg'), LOGO);
      const server = await Server.start({
        OPENTILL_NAME: NAME,
        OPENTILL_LOGO: join(folder, 'logo.svg'),
        OPENTILL_ACCENT: '#b45309',
        OPENTILL_SUPPORT_URL: 'mailto:help@acme.example',
        OPENTILL_LEGAL_LINKS: 'Terms=https://acme.example/terms',
      });
      await use(server);
      await server.stop();
      rmSync(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

test("the operator's name, logo and color are those of the portal", async ({ portal, announce }) => {
  // A picture with a script in it, opened by itself.
  announce(/Content Security Policy|sandboxed|Blocked script execution/);
  const { page } = portal;
  page.on('dialog', () => expect(null, 'a script ran').toBe('never'));
  await portal.open('/login');
  await expect(page).toHaveTitle(`Log in · ${NAME}`);
  await expect(page.getByRole('link', { name: `${NAME}, home` })).toContainText(NAME);
  const logo = page.locator('.site-header img');
  expect(await logo.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(40);
  const fill = () =>
    portal.button('Log in').evaluate((button) => getComputedStyle(button).backgroundColor);
  const [lightness, , hue] = (await fill()).match(/[\d.]+/g)!.map(Number);
  expect(hue, 'brown, and not green').toBeLessThan(90);
  expect(lightness).toBeLessThan(1);
  await expect(page.getByText('Forgot your password?')).toBeVisible();
  const support = page.getByRole('main').getByRole('link', { name: 'Contact support' });
  await expect(support).toHaveAttribute('href', 'mailto:help@acme.example');
  const terms = page.getByRole('contentinfo').getByRole('link', { name: 'Terms' });
  await expect(terms).toHaveAttribute('href', 'https://acme.example/terms');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await sidewaysScroll(page)).toBe(0);

  const url = (await logo.getAttribute('src'))!;
  const answer = (await page.goto(url))!;
  expect(answer.headers()['content-security-policy']).toContain('sandbox');
});
