import { expect, test } from './support/test.ts';

test('a client corrects their details where they stand', async ({ portal, announce }) => {
  announce(/status of 422/);
  const { page } = portal;
  const country = page.getByLabel('Country');
  await portal.openProfile();
  await expect(country).toBeHidden();
  await page.getByText('Edit details').click();
  const company = page.getByLabel('Company');
  await company.fill('Analytical\u202eEngines');
  await country.selectOption('United Kingdom');
  await portal.button('Save details').click();
  await expect(company).toBeFocused();
  await expect(company).toHaveValue('Analytical\u202eEngines');
  await expect(company).toHaveAccessibleDescription("This contains a character that isn't allowed (U+202E).");
  await expect(country).toHaveValue('GB');
  await company.fill('Analytical Engines');
  await portal.follow(portal.button('Save details'), '/profile#details');
  await expect(portal.said('Details saved.')).toBeVisible();
  await expect(page.locator('#details')).toContainText('Analytical Engines');
  await expect(page.locator('#activity')).toContainText('Details changed');
});

test('a token has a page of its own, where it is renamed', async ({ portal, me, announce }) => {
  announce(/status of 422/);
  const { page } = portal;
  await portal.openProfile();
  const token = await portal.create('My Integration');
  await portal.leaveReveal();
  for (let call = 0; call < 3; call += 1) expect((await me(token)).status()).toBe(200);
  await expect(async () => {
    await portal.open('/profile');
    await expect(portal.row('My Integration')).not.toContainText('Never used', { timeout: 100 });
  }).toPass();
  await portal.followToken('My Integration');
  const chart = page.getByRole('img', { name: /^\d calls? in the last 30 days, on .* \d{4}$/ });
  await expect(chart).toBeVisible();
  await page.getByText('View as table').click();
  await expect(page.getByRole('table').getByRole('rowheader')).toHaveCount(1);
  await expect(page.getByRole('main')).toContainText('127.0.0.1');

  await portal.nameField.fill('');
  await page.keyboard.type('Billing Dashboard');
  await portal.button('Rename').click();
  await expect(portal.said('Token renamed.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'API tokens' }).click();
  await expect(portal.row('Billing Dashboard')).toContainText(`ot_live_…${token.slice(-4)}`);
  expect((await me(token)).status()).toBe(200);
});

test('all tokens are revoked after a question of their own', async ({ portal, me }) => {
  const { page } = portal;
  await portal.openProfile();
  const token = await portal.create('A');
  await portal.leaveReveal();
  await portal.createUnseen('B');
  await portal.open('/profile');
  await page.getByRole('link', { name: 'Revoke all tokens' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'ot_live_' })).toHaveCount(2);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(portal.rows).toHaveCount(2);
  await page.getByRole('link', { name: 'Revoke all tokens' }).click();
  await page.getByLabel('To confirm').fill('Revoke all');
  await portal.follow(portal.button('Revoke all tokens'), '/profile#api-tokens');
  await expect(portal.said('All tokens revoked.')).toBeVisible();
  expect((await me(token)).status()).toBe(401);
  const revoked = page.locator('#api-tokens').getByRole('listitem').filter({ hasText: 'Revoked' });
  await expect(revoked.first()).toBeHidden();
  await page.getByText('Recently revoked (2)').click();
  await expect(revoked).toHaveCount(2);
});

test.describe('before the session ends', { tag: '@javascript' }, () => {
  test('one is told in time, can stay, and keeps what was typed', async ({ portal }) => {
    const { page } = portal;
    const warning = portal.alert.filter({ hasText: "You'll be logged out in about 2 minutes." });
    await page.clock.install();
    await portal.openProfile();
    await portal.nameField.fill('My Integr');
    await page.clock.fastForward('27:00');
    await expect(warning).toBeHidden();
    await page.clock.fastForward('01:01');
    await expect(warning).toBeVisible();
    await expect(portal.nameField).toBeFocused();
    const kept = page.waitForResponse('/rpc/session/keep');
    await portal.button('Stay logged in').click();
    expect((await kept).status()).toBe(200);
    await expect(warning).toBeHidden();
    await expect(portal.nameField).toHaveValue('My Integr');
    await page.clock.fastForward('28:01');
    await expect(warning).toBeVisible();
  });

  test('one is told when it has lasted as long as it may', async ({ portal }) => {
    const { page } = portal;
    const warning = portal.alert.filter({ hasText: "Your session ends in about 2 minutes and can't be extended." });
    await page.clock.install();
    await portal.openProfile();
    // As if another tab had used the session all the time.
    await page.evaluate(() => {
      const { client } = document.documentElement.dataset;
      const until = Date.now() + 9 * 60 * 60 * 1000;
      new BroadcastChannel('session').postMessage({ client, at: Date.now(), until, ends: 0 });
    });
    await page.clock.fastForward('07:57:00');
    await expect(page.locator('.session-watch')).toBeHidden();
    await page.clock.fastForward('01:01');
    await expect(warning).toBeVisible();
    await expect(portal.button('Stay logged in')).toBeHidden();
    await page.clock.fastForward('02:00');
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Log in again' })).toBeVisible();
  });

  test('whoever stays too late is led back to log in', async ({ portal, server, announce }) => {
    announce(/status of 401/);
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    await page.clock.fastForward('28:01');
    server.endSessions(portal.client);
    await portal.button('Stay logged in').click();
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
    const back = page.getByRole('link', { name: 'Log in again' });
    await expect(back).toHaveAttribute('href', '/login?next=%2Fprofile');
  });
});

test('what was done is said once, and by no link', async ({ portal }) => {
  const { page } = portal;
  const all = portal.said('All tokens revoked.');
  await portal.signIn();
  await portal.open('/profile?done=all-revoked#api-tokens');
  await expect(all).toHaveCount(0);

  await portal.createUnseen('A', 'B');
  await portal.open('/profile/tokens/revoke-all');
  await page.getByLabel('To confirm').fill('Revoke all');
  await portal.follow(portal.button('Revoke all tokens'), '/profile#api-tokens');
  await expect(all).toBeVisible();
  await page.reload();
  await portal.ready();
  await expect(all).toHaveCount(0);
  await portal.open('/');
  await page.goBack();
  await portal.ready();
  await expect(all).toHaveCount(0);
});

test('a page that was refused can be opened again by its address', async ({ portal, announce }) => {
  announce(/status of 422/);
  const { page } = portal;
  await portal.openProfile();
  await page.getByLabel('Current password').fill(portal.client.password);
  await page.getByLabel('New password').fill('aaaaaaaaaaaaaaaaaaaa');
  await portal.button('Change password').click();
  await expect(page).toHaveURL('/profile/password');
  await page.goto(page.url());
  await expect(page).toHaveURL('/profile#password');
});

test.describe('the account menu', { tag: '@javascript' }, () => {
  test('makes way for the place in the page that is chosen in it', async ({ portal }) => {
    const { page, client } = portal;
    const profile = page.getByRole('link', { name: 'Profile', exact: true });
    await portal.openProfile();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await portal.button(`Account menu, ${client.name}`).click();
    await expect(profile).toBeVisible();
    await page.locator('#account-menu').getByRole('link', { name: 'API tokens' }).click();
    await expect(profile).toBeHidden();
    await expect(portal.nameField).toBeInViewport();
  });

  test('closes by a click beside it', async ({ portal }) => {
    const { page, client } = portal;
    const profile = page.getByRole('link', { name: 'Profile', exact: true });
    await portal.openProfile();
    await portal.button(`Account menu, ${client.name}`).click();
    await expect(profile).toBeVisible();
    await page.mouse.click(5, 300);
    await expect(profile).toBeHidden();
  });
});
