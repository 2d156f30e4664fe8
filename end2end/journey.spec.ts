import { expect, expectUnauthenticated, test } from './support/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('a client makes a token, uses it, revokes it and logs out', async ({ portal, me }) => {
  const { page, client } = portal;

  await page.goto('/');
  await expect(page).toHaveURL('/login');
  await portal.ready();
  await portal.logIn();
  await expect(page.getByRole('heading', { name: `Welcome, ${client.name}` })).toBeVisible();
  await portal.ready();

  await portal.button(`Account menu, ${client.name}`).click();
  await portal.follow(page.getByRole('link', { name: 'Profile', exact: true }), '/profile');
  await expect(page.locator('#api-tokens').getByRole('heading', { name: 'API Tokens' })).toBeVisible();

  const token = await portal.create('My Integration');
  if (portal.hasScripts) {
    await portal.copy();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await portal.button('Done').click();
    await expect(portal.said('Token “My Integration” created.')).toBeVisible();
    await expect(portal.dialog).toBeHidden();
    await expect(portal.nameField).toBeFocused();
    await expect(portal.nameField).toHaveValue('');
    await expect(portal.row('My Integration').getByText('New', { exact: true })).toBeVisible();
  } else {
    // One click selects the whole token.
    await portal.secret.click();
    await portal.copySelection();
    await portal.leaveReveal();
    await portal.nameField.click();
    await page.keyboard.press('ControlOrMeta+V');
    await expect(portal.nameField).toHaveValue(token);
  }

  const row = portal.row('My Integration');
  await expect(row).toContainText(`ot_live_…${token.slice(-4)}`);
  await expect(row).toContainText('Never used');

  const answer = await me(token);
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ data: { name: client.name, email: client.email } });
  await expect(async () => {
    await portal.open('/profile');
    await expect(row).not.toContainText('Never used', { timeout: 100 });
  }, 'its use is written down within seconds').toPass();
  await expect(row.getByRole('cell').filter({ hasText: /, just now/ })).toHaveCount(2);

  await portal.button('Revoke My Integration').click();
  if (portal.hasScripts) {
    await portal.button('Revoke token').click();
    await expect(portal.said('Token “My Integration” revoked.')).toBeVisible();
  } else {
    await page.waitForURL(/\/profile\/tokens\/\d+\/revoke/);
    await portal.follow(portal.button('Revoke token'), '/profile#api-tokens');
    await expect(portal.said('Token revoked. It no longer works.')).toBeVisible();
  }
  await expect(portal.rows).toHaveCount(0);
  await expect(page.getByText('You have no API tokens yet.')).toBeVisible();
  await expectUnauthenticated(await me(token));

  await portal.button(`Account menu, ${client.name}`).click();
  await portal.follow(portal.button('Log out'), '/login');
  await page.goto('/profile');
  await expect(page).toHaveURL('/login?next=%2Fprofile');
});
