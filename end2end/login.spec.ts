import { expect, test } from './support/test.ts';

const WRONG = 'The email or password is not right.';

/** Addresses that lead elsewhere, or look as if they did. */
const FOREIGN = [
  '//example.com',
  '///example.com',
  '////example.com',
  '/\\example.com',
  '\\\\example.com',
  '\\/example.com',
  '/\t/example.com',
  '/\n/example.com',
  '\t//example.com',
  ' //example.com',
  '/.//example.com',
  '/..//example.com',
  '/a/..//example.com',
  '/%2e//example.com',
  '/%09/example.com',
  '/%5cexample.com',
  'https:example.com',
  'https:/example.com',
  'https://example.com',
  'HTTPS://example.com',
  '//example.com\\@127.0.0.1',
  '//127.0.0.1@example.com',
  '@example.com',
  '.example.com',
  ':80',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:x',
  'ftp://example.com',
  '//ехample.com',
  '//example。com',
  '/\r\nSet-Cookie: a=b',
  '/\r\nLocation: //example.com',
];

test('a failed login says one sentence, keeps the email and forgets the password', async ({ portal, announce }) => {
  announce(/status of 401/);
  const { page, client } = portal;
  await portal.open('/login');
  for (const [email, password] of [
    [client.email, 'not the password'],
    ['nobody@example.com', client.password],
  ]) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    const answer = page.waitForResponse('/login');
    await portal.button('Log in').click();
    expect((await answer).status()).toBe(401);
    await expect(portal.alert).toHaveText(WRONG);
    await expect(portal.alert).toBeFocused();
    await expect(page.getByLabel('Email')).toHaveValue(email);
    await expect(page.getByLabel('Password')).toHaveValue('');
    await expect(page.getByLabel('Email')).toHaveAccessibleDescription(WRONG);
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription(WRONG);
    expect(await page.content()).not.toContain(password);
  }
  await portal.ready();
  await portal.logIn();
  await expect(page).toHaveURL('/');
});

test('after logging in one is where one wanted to go', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login?next=%2Fprofile%23api-tokens');
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  // Who is logged in already is not asked again.
  await portal.open('/login?next=%2Fdocs%2Fapi%23using');
  await expect(page).toHaveURL('/docs/api#using');
});

test('where one wanted to go outlives a failed login', async ({ portal, announce }) => {
  announce(/status of 401/);
  await portal.open('/login?next=%2Fprofile%23api-tokens');
  await portal.logIn('not the password');
  await expect(portal.alert).toHaveText(WRONG);
  await portal.ready();
  await portal.logIn();
  await expect(portal.page).toHaveURL('/profile#api-tokens');
});

test('no login leads to another site', async ({ portal, server, announce }) => {
  // Some are paths of our own where nothing is.
  announce(/status of 404/);
  const { page } = portal;
  page.on('dialog', (dialog) => expect(dialog.message(), 'no script runs').toBe(''));
  // In full for some, as whoever is logged in already for all.
  for (const [at, next] of FOREIGN.entries()) {
    const address = `/login?next=${encodeURIComponent(next)}`;
    if (at % 6 === 0) await page.context().clearCookies();
    await page.goto(address, { waitUntil: 'commit' });
    if (at % 6 === 0) {
      await portal.ready();
      await portal.logIn();
      await page.waitForURL((url) => url.pathname !== '/login');
    }
    expect(new URL(page.url()).origin, JSON.stringify(next)).toBe(server.url);
    const names = (await page.context().cookies()).map(({ name }) => name);
    expect(names, JSON.stringify(next)).not.toContain('a');
  }
});

test('the password can be shown and hidden', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login');
  const password = page.getByLabel('Password');
  await password.fill('correct horse');
  await expect(password).toHaveAttribute('type', 'password');
  await portal.button('Show').click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(portal.button('Hide')).toHaveAttribute('aria-pressed', 'true');
  await portal.button('Hide').click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('correct horse');
});

test('the password cannot be shown where nothing could hide it again', { tag: '@plain' }, async ({ portal }) => {
  await portal.open('/login');
  await expect(portal.button('Show')).toHaveCount(0);
});

test('when the session is over, the page says so and leads back', { tag: '@javascript' }, async ({ portal, server, announce }) => {
  announce(/status of 401/);
  const { page } = portal;
  await portal.openProfile();
  server.endSessions(portal.client);
  await portal.submit('A');
  await expect(portal.alert).toContainText('You were signed out. Log in to go on.');
  await expect(portal.nameField).toHaveValue('A');
  const again = portal.alert.getByRole('link', { name: 'Log in' });
  await portal.follow(again, '/login?next=%2Fprofile%23api-tokens');
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  await expect(portal.rows).toHaveCount(0);
});

test('when the session is over, a form leads to the login and back', { tag: '@plain' }, async ({ portal, server }) => {
  const { page } = portal;
  await portal.openProfile();
  server.endSessions(portal.client);
  await portal.submit('A');
  await expect(page).toHaveURL(/\/login\?next=%2Fprofile%23api-tokens&/);
  await expect(portal.said('You were signed out. Log in to go on.')).toBeVisible();
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  await expect(portal.rows).toHaveCount(0);
});

test('after logging out the pages are gone, also by the Back button', async ({ portal }) => {
  const { page, client } = portal;
  await portal.openProfile();
  await portal.button(`Account menu, ${client.name}`).click();
  await portal.follow(portal.button('Log out'), '/login');
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(client.name)).toHaveCount(0);
});
