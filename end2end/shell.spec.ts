import type { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

/** Path, title, heading and navigation link of each page. */
const PAGES: [string, string, string, string?][] = [
  ['/', 'Dashboard', 'Welcome, Ada Byron', 'Dashboard'],
  ['/profile', 'Profile', 'Profile', 'Profile'],
  ['/profile/tokens/revoke-all', 'Revoke all tokens', 'Revoke all 2 tokens?', 'Profile'],
  ['/docs/api', 'API docs', 'API docs', 'API docs'],
  ['/nowhere', 'Page not found', 'Page not found'],
];

/** Expects this title, one heading, and one link marked as the current page. */
async function expectIs({ page }: Portal, title: string, heading: string, current?: string): Promise<void> {
  await expect(page).toHaveTitle(`${title} · Opentill`);
  const headings = page.getByRole('heading', { level: 1, includeHidden: true });
  // Headings of dialogs have another level.
  await expect(headings).toHaveText([heading]);
  await expect(page.locator('[aria-current]')).toHaveText(current ? [current] : []);
  if (current) await expect(page.locator('[aria-current]')).toHaveAttribute('aria-current', 'page');
}

test.describe('every page has a title, one heading and its place in the navigation', () => {
  test('before logging in', async ({ portal }) => {
    await portal.open('/login');
    await expectIs(portal, 'Log in', 'Log in', 'Log in');
    await portal.open('/docs/api');
    await expectIs(portal, 'API docs', 'API docs', 'API docs');
  });

  for (const [path, ...what] of PAGES) {
    test(`${path}`, async ({ portal, announce }) => {
      announce(/status of 404/);
      await portal.signIn();
      await portal.createUnseen('A', 'B');
      await portal.open(path);
      await expectIs(portal, ...what);
    });
  }

  test('of a token', async ({ portal }) => {
    await portal.signIn();
    await portal.createUnseen('A');
    await portal.open('/profile');
    await portal.followToken('A');
    await expectIs(portal, 'API token', 'A', 'Profile');
    await portal.page.getByRole('link', { name: 'Revoke…' }).click();
    await expect(portal.button('Revoke token')).toBeVisible();
    await expectIs(portal, 'Revoke token', 'Revoke “A”?', 'Profile');
  });
});

test('on a narrow screen, the name of the account is in its menu alone', async ({ portal }) => {
  const { page, client } = portal;
  const menu = portal.button(`Account menu, ${client.name}`);
  await portal.signIn();
  await portal.open('/');
  await expect(menu.getByText(client.name)).toBeVisible();
  await page.setViewportSize({ width: 320, height: 640 });
  await expect(menu.getByText(client.name)).toBeHidden();
  await menu.click();
  await expect(page.locator('#account-menu').getByText(client.name)).toBeVisible();
  await expect(page.locator('#account-menu').getByText(client.email)).toBeVisible();
});
