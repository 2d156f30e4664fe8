import type { Page } from '@playwright/test';

import { expect, test } from './support/test.ts';

/** The lightness of the background, from 0 (black) to 1 (white). */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d')!;
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3 / 255;
  });
}

test.describe('the theme', () => {
  test('follows the system until one is chosen', { tag: '@chromium' }, async ({ portal }) => {
    const { page } = portal;
    await portal.signIn();
    await portal.open('/');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness(page)).toBeGreaterThan(0.9);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await brightness(page)).toBeLessThan(0.2);
  });

  for (const [theme, system] of [['Dark', 'light'], ['Light', 'dark']] as const) {
    test(`stays ${theme} on every page, whatever the system has`, async ({ portal, announce }) => {
      announce(/status of 404/);
      const { page, client } = portal;
      await page.emulateMedia({ colorScheme: system });
      await portal.signIn();
      await portal.open('/profile');
      await portal.button(`Account menu, ${client.name}`).click();
      await portal.choose(theme);
      if (!portal.hasScripts) {
        await portal.follow(portal.button('Apply theme'), '/profile');
      }
      const isDark = async () => (await brightness(page)) < 0.5;
      await expect.poll(isDark).toBe(theme === 'Dark');
      for (const path of ['/', '/docs/api', '/nowhere']) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
        expect(await isDark(), path).toBe(theme === 'Dark');
      }
    });
  }
});

test('whoever wants more contrast gets borders and quiet text that stand out', { tag: '@chromium' }, async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  await portal.open('/profile');
  const look = () =>
    page.evaluate(() => {
      const card = getComputedStyle(document.querySelector('.card')!);
      const quiet = getComputedStyle(document.querySelector('main .quiet')!);
      return { border: card.borderTopColor, text: card.color, quiet: quiet.color };
    });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, contrast: 'no-preference' });
    const usual = await look();
    expect(usual.quiet, colorScheme).not.toBe(usual.text);
    await page.emulateMedia({ colorScheme, contrast: 'more' });
    const more = await look();
    expect(more.border, colorScheme).not.toBe(usual.border);
    expect(more.quiet, colorScheme).toBe(more.text);
  }
});

test('a page comes in its theme from the first byte', { tag: '@plain' }, async ({ request }) => {
  const answer = await request.get('/login', { headers: { cookie: 'theme=dark' } });
  expect(await answer.text()).toMatch(/<html[^>]* data-theme="dark"/);
});
