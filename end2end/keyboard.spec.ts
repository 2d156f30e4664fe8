import type { Locator, Page } from '@playwright/test';

import { hiddenFocus } from './support/portal.ts';
import { STATES } from './support/states.ts';
import { expect, expectUnauthenticated, test } from './support/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** Presses Tab until the element has the focus, and checks that the focus is visible all the way. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await hiddenFocus(page)).toBeNull();
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab never comes to ${goal}`);
}

test('from logging in to logging out, by the keyboard alone', { tag: '@javascript' }, async ({ portal, me }) => {
  const { page, client } = portal;
  const { keyboard } = page;
  await portal.open('/login?next=%2Fprofile');

  await expect(page.getByLabel('Email')).toBeFocused();
  await keyboard.type(client.email);
  await tabTo(page, page.getByLabel('Password'));
  await keyboard.type(client.password);
  await keyboard.press('Enter');
  await page.waitForURL('/profile');
  await portal.ready();

  await tabTo(page, portal.nameField);
  await keyboard.type('My Integration');
  await keyboard.press('Enter');
  const token = await portal.read();
  await expect(portal.button('Copy token')).toBeFocused();
  await keyboard.press('Enter');
  await expect(portal.said('Token copied to clipboard.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await tabTo(page, page.getByRole('radio', { name: '.env' }));
  await keyboard.press('ArrowRight');
  await expect(page.getByRole('figure', { name: 'curl command' })).toBeVisible();
  await tabTo(page, portal.button('Test this token'));
  await keyboard.press('Enter');
  await expect(portal.said(`It works. Authenticated as ${client.name}.`)).toBeVisible();
  await tabTo(page, portal.button('Done'));
  await keyboard.press('Enter');
  await expect(portal.nameField).toBeFocused();

  await tabTo(page, portal.button('Revoke My Integration'));
  await keyboard.press('Enter');
  await expect(portal.button('Cancel')).toBeFocused();
  await tabTo(page, portal.button('Revoke token'));
  await keyboard.press('Enter');
  await expect(portal.said('Token “My Integration” revoked.')).toBeVisible();
  await expect(portal.nameField).toBeFocused();
  await expectUnauthenticated(await me(token));

  const menu = portal.button(`Account menu, ${client.name}`);
  while (!(await menu.evaluate((button) => button === document.activeElement))) {
    await keyboard.press('Shift+Tab');
    expect(await hiddenFocus(page)).toBeNull();
  }
  await keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Profile', exact: true })).toBeVisible();
  await keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await keyboard.press('Space');
  await tabTo(page, portal.button('Log out'));
  await keyboard.press('Enter');
  await page.waitForURL('/login');
});

test('every stop of the Profile page can be seen', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  await portal.createUnseen('A', 'B');
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 480 });
    await portal.open('/profile');
    await tabTo(page, page.getByRole('link', { name: 'API help' }));
  }
});

test.describe('every stop can be seen, and the last one is reached:', { tag: '@javascript' }, () => {
  for (const [where, state] of [
    ['the dashboard', 'dashboard new'],
    ['the login page', 'login'],
    ['the API docs', 'API docs'],
    ['the page of a token', 'token page unused'],
  ]) {
    test(where, async ({ portal, server }) => {
      const { page } = portal;
      await STATES[state](portal, server);
      const address = page.url();
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 480 });
        await portal.open(address);
        if (state === 'login') {
          await expect(page.getByLabel('Email')).toBeFocused();
        } else {
          await page.keyboard.press('Tab');
          await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
        }
        await tabTo(page, page.getByRole('link', { name: 'API help' }));
      }
    });
  }
});

test('the warning before the session ends hides no stop', { tag: '@javascript' }, async ({ portal, server }) => {
  const { page } = portal;
  await page.setViewportSize({ width: 320, height: 480 });
  await portal.signIn();
  await portal.createUnseen('A', 'B', 'C');
  await STATES['session ending'](portal, server);
  await tabTo(page, page.getByRole('link', { name: 'API help' }));
});
