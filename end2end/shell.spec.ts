import { type Portal, sidewaysScroll } from './support/portal.ts';
import { expect, test } from './support/test.ts';

/** Path, title, heading and what is marked as the current page: in the navigation, and in the menu. */
const PAGES: [string, string, string, ...string[]][] = [
  ['/', 'Dashboard', 'Welcome, Ada Byron', 'Dashboard'],
  ['/profile', 'Profile', 'Profile', 'API tokens', 'Profile'],
  ['/profile/tokens/revoke-all', 'Revoke all tokens', 'Revoke all 2 tokens?', 'API tokens', 'Profile'],
  ['/activity', 'Activity', 'Activity', 'Activity'],
  ['/docs/api', 'API docs', 'API docs', 'API docs'],
  ['/nowhere', 'Page not found', 'Page not found'],
];

/** Expects this title, one heading, and these links marked as the current page. */
async function expectIs({ page }: Portal, title: string, heading: string, ...current: string[]): Promise<void> {
  await expect(page).toHaveTitle(`${title} · Opentill`);
  const headings = page.getByRole('heading', { level: 1, includeHidden: true });
  // Headings of dialogs have another level.
  await expect(headings).toHaveText([heading]);
  await expect(page.locator('[aria-current="page"]')).toHaveText(current);
  await expect(page.locator('[aria-current]')).toHaveCount(current.length);
}

test.describe('every page has a title, one heading and its place in the navigation', () => {
  test('before logging in', async ({ portal }) => {
    await portal.open('/login');
    await expectIs(portal, 'Log in', 'Log in');
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
    await expectIs(portal, 'API token', 'A', 'API tokens', 'Profile');
    await portal.page.getByRole('link', { name: 'Revoke…' }).click();
    await expect(portal.button('Revoke token')).toBeVisible();
    await expectIs(portal, 'Revoke token', 'Revoke “A”?', 'API tokens', 'Profile');
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

test('every width shows the whole header, and a long page keeps it in view', async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  await portal.open('/docs/api');
  const nav = page.getByRole('navigation', { name: 'Main' });
  for (const width of [1400, 1024, 900, 768, 767, 640, 480, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await sidewaysScroll(page), `${width} px`).toBe(0);
    for (const title of ['Dashboard', 'API tokens', 'Activity', 'API docs']) {
      await expect(nav.getByRole('link', { name: title })).toBeInViewport({ ratio: 1 });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('heading', { name: 'Errors' }).scrollIntoViewIfNeeded();
  await expect(nav).toBeInViewport({ ratio: 1 });
  // A link to a section does not put its heading under the header.
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Invalid tokens' }).click();
  const heading = (await page.getByRole('heading', { name: 'Invalid tokens' }).boundingBox())!;
  const header = (await page.getByRole('banner').boundingBox())!;
  expect(heading.y).toBeGreaterThan(header.y + header.height);
});

test('a suspended client is told on every page', async ({ portal, server }) => {
  const { page, client } = portal;
  await portal.signIn();
  server.suspend(client);
  for (const path of ['/', '/profile', '/activity', '/docs/api']) {
    await portal.open(path);
    await expect(page.getByRole('note').filter({ hasText: 'Your account is suspended.' })).toBeVisible();
  }
});

test('printed, a page is its content from the first sheet on', async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  await portal.createUnseen('A', 'B');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const path of ['/', '/profile', '/activity', '/docs/api']) {
    await portal.open(path);
    const [width, top] = await page.getByRole('main').evaluate((main) => [
      main.getBoundingClientRect().width / innerWidth,
      main.querySelector('h1')!.getBoundingClientRect().top,
    ]);
    expect(width, `${path} has the width of the sheet`).toBeGreaterThan(0.9);
    expect(top, `${path} begins at the top`).toBeLessThan(100);
    await expect(page.getByRole('button'), path).toHaveCount(0);
    const ink = await page.locator('h1').evaluate((heading) => getComputedStyle(heading).color);
    expect(ink, `${path} is dark on light`).toMatch(/oklch\(0\.2/);
  }
});
