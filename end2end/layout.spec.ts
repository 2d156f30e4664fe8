import type { Page } from '@playwright/test';

import { cutOff, edges, smallTargets } from './support/layout.ts';
import { hiddenFocus, type Portal, sidewaysScroll } from './support/portal.ts';
import { EXPECTED, STATES } from './support/states.ts';
import { expect, test } from './support/test.ts';

/** The states with different layouts. */
const LAYOUTS = [
  'login failed',
  'dashboard new',
  'account menu',
  'profile with tokens',
  'reveal dialog',
  'question before closing',
  'revoke dialog',
  'token page in use',
  'API docs',
];

/** The text spacing of WCAG 2.2, 1.4.12. */
const SPACING =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }';
const TWICE = 'html { font-size: 200% }';

/** Adds a user style sheet, which the Content-Security-Policy does not affect. */
function restyle(page: Page, css: string): Promise<void> {
  return page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, css);
}

async function expectWhole(portal: Portal, where: string): Promise<void> {
  expect.soft(await sidewaysScroll(portal.page), `sideways, ${where}`).toBe(0);
  expect.soft(await portal.page.evaluate(cutOff), where).toEqual([]);
}

test.describe('nothing is lost', { tag: '@javascript' }, () => {
  for (const state of LAYOUTS) {
    test(`with wide spacing, large text and small windows: ${state}`, async ({ portal, server, announce }) => {
      announce(EXPECTED);
      const { page } = portal;
      await STATES[state](portal, server);
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 640 });
        await expectWhole(portal, `${width} px`);
        expect.soft(await page.evaluate(smallTargets), `${width} px`).toEqual([]);
        await restyle(page, SPACING);
        await expectWhole(portal, `wide spacing, ${width} px`);
        await restyle(page, '');
      }
      await page.setViewportSize({ width: 1280, height: 640 });
      await restyle(page, TWICE);
      await expectWhole(portal, 'text twice as large');
    });
  }
});

test('header, page and footer begin at the same line beside a scrollbar', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  await portal.open('/');
  // Scrollbars of tests take no space, so a border stands for one.
  await restyle(page, 'html { border-inline-end: 15px solid }');
  expect(new Set(await page.evaluate(edges)).size).toBe(1);
});

test('what one came for is large enough for a thumb', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await page.setViewportSize({ width: 320, height: 640 });
  const expectLarge = async (...names: string[]) => {
    for (const name of names) {
      const { height } = (await portal.button(name).boundingBox())!;
      // A dialog in transition has fractional coordinates.
      expect(Math.round(height), name).toBeGreaterThanOrEqual(44);
    }
  };
  await portal.open('/login');
  await expectLarge('Log in');
  await portal.openProfile();
  await expectLarge('Create Token', `Account menu, ${portal.client.name}`);
  await portal.create('A');
  await expectLarge('Copy token', 'Done', 'Test this token');
  await portal.leaveReveal();
  await expectLarge('Revoke A');
  await portal.button('Revoke A').click();
  await expectLarge('Cancel', 'Revoke token');
});

test('in forced colours, what is chosen and what has the focus can be told', { tag: ['@javascript', '@chromium'] }, async ({ portal }) => {
  const { page } = portal;
  await page.emulateMedia({ forcedColors: 'active' });
  await portal.openProfile();
  await portal.create('A');
  const background = (title: string) =>
    page
      .locator('label')
      .filter({ has: page.getByRole('radio', { name: title, exact: true }) })
      .evaluate((label) => getComputedStyle(label).backgroundColor);
  expect(await background('.env')).not.toBe(await background('PHP'));
  await portal.choose('PHP');
  expect(await background('PHP')).not.toBe(await background('.env'));
  for (const key of ['Tab', 'Shift+Tab']) {
    await page.keyboard.press(key);
    expect(await hiddenFocus(page)).toBeNull();
  }
});

test('without motion, nothing moves', { tag: ['@javascript', '@chromium'] }, async ({ portal }) => {
  await portal.page.emulateMedia({ reducedMotion: 'reduce' });
  await portal.openProfile();
  await portal.create('A');
  expect(await portal.page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test('without motion, waiting is told by words alone', { tag: ['@javascript', '@chromium'] }, async ({ portal }) => {
  const { page } = portal;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await portal.openProfile();
  let answer = () => {};
  const held = new Promise<void>((release) => {
    answer = release;
  });
  await page.route('/rpc/tokens/create', async (route) => {
    await held;
    await route.continue();
  });
  await portal.submit('A');
  const button = portal.button('Creating…');
  await expect(button).toBeVisible();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  expect(await button.evaluate((b) => getComputedStyle(b, '::before').content)).toBe('none');
  answer();
  await portal.read();
});
