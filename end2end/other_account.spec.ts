import { loseCreated, logInAnother, nowLoggedIn } from './support/conflicts.ts';
import type { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

/** Opens the Profile page of a client with a token. */
async function openStale(portal: Portal): Promise<string> {
  await portal.openProfile();
  const token = await portal.create('A');
  await portal.leaveReveal();
  return token;
}

test.describe('in a tab that still shows another account', () => {
  test('a token is neither revoked nor said to be', { tag: '@javascript' }, async ({ portal, server, me, announce }) => {
    announce(/status of 409/);
    const token = await openStale(portal);
    const other = await logInAnother(portal, server);
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    await expect(portal.dialog.getByRole('alert')).toHaveText(
      `${nowLoggedIn(other)} Reload the page to continue.`,
    );
    await portal.button('Cancel').click();
    await expect(portal.row('A')).toHaveCount(1);
    expect((await me(token)).status()).toBe(200);
  });

  test('no token is created, and no session kept', { tag: '@javascript' }, async ({ portal, server, announce }) => {
    announce(/status of 409/);
    await portal.page.clock.install();
    await portal.openProfile();
    const other = await logInAnother(portal, server);
    const told = portal.alert.filter({ hasText: nowLoggedIn(other) });
    await portal.submit('A');
    await expect(told).toBeFocused();
    await expect(portal.nameField).toHaveValue('A');
    await portal.page.clock.fastForward('28:01');
    await portal.button('Stay logged in').click();
    await expect(told).toHaveCount(2);

    await portal.open('/profile');
    await expect(portal.page.getByText(other.email).first()).toBeAttached();
    await expect(portal.rows).toHaveCount(0);
  });

  test('a form changes nothing and leads to the page of whoever is logged in', async ({ portal, server, announce }) => {
    announce(/status of 409/);
    const { page } = portal;
    await openStale(portal);
    await page.getByText('Edit details').click();
    await page.getByLabel('Company').fill('Analytical Engines');
    const other = await logInAnother(portal, server);
    await portal.button('Save details').click();
    await expect(page.getByRole('main')).toContainText(nowLoggedIn(other));
    await portal.follow(page.getByRole('link', { name: 'Reload the page' }), '/profile#details');
    await expect(page.locator('#details')).toContainText(other.email);
    await expect(page.locator('#details')).not.toContainText('Analytical Engines');
  });

  test('nobody is logged out', async ({ portal, server, announce }) => {
    announce(/status of 409/);
    const { page, client } = portal;
    await portal.openProfile();
    const other = await logInAnother(portal, server);
    await portal.button(`Account menu, ${client.name}`).click();
    await portal.button('Log out').click();
    await expect(page.getByRole('main')).toContainText(nowLoggedIn(other));
    await portal.follow(page.getByRole('link', { name: 'Reload the page' }), '/');
    await expect(page.getByRole('heading', { name: `Welcome, ${other.name}` })).toBeVisible();
  });
});

test.describe('a token of an answer that was lost', { tag: '@javascript' }, () => {
  test('is in the list, and can be shown with a new secret', async ({ portal, me, announce }) => {
    announce(/status of 409/);
    await portal.openProfile();
    await loseCreated(portal);
    await portal.submit('A');
    const told = portal.alert.filter({ hasText: '“A” was created, but this page hasn\'t shown it.' });
    await expect(told).toBeFocused();
    await expect(portal.row('A')).toHaveCount(1);
    await portal.button('Replace and show').click();
    const token = await portal.read();
    expect((await me(token)).status()).toBe(200);
    await portal.leaveReveal();
    await expect(told).toBeHidden();
    await expect(portal.rows).toHaveCount(1);
    await portal.create('B');
    await portal.leaveReveal();
    await expect(portal.rows).toHaveCount(2);
  });

  test('makes way for another that is asked for by another name', async ({ portal, announce }) => {
    announce(/status of 409/);
    await portal.openProfile();
    await loseCreated(portal);
    await portal.submit('A');
    await expect(portal.button('Replace and show')).toBeVisible();
    await portal.create('B');
    await portal.leaveReveal();
    await expect(portal.row('A')).toHaveCount(1);
    await expect(portal.row('B')).toHaveCount(1);
  });

  test('keeps its secret once that was used', async ({ portal, page, me, announce }) => {
    announce(/status of 409/);
    await portal.openProfile();
    let answer = '';
    await page.route(
      '/rpc/tokens/create',
      async (route) => {
        answer = await (await route.fetch()).text();
        await route.continue();
      },
      { times: 1 },
    );
    await portal.submit('A');
    const offer = portal.button('Replace and show');
    await expect(offer).toBeVisible();
    const { secret } = JSON.parse(answer);
    expect((await me(secret)).status()).toBe(200);
    await offer.click();
    await expect(portal.alert.filter({ hasText: '“A” was created and has been used since' })).toBeVisible();
    await expect(offer).toBeHidden();
    expect((await me(secret)).status()).toBe(200);
  });
});

test('a token that cannot be found is not said to be revoked', { tag: '@javascript' }, async ({ portal, page, announce }) => {
  announce(/status of 404/);
  await portal.signIn();
  await portal.createUnseen('A');
  await portal.open('/profile');
  await page.route('/rpc/tokens/revoke', (route) => route.fulfill({ status: 404, json: 'not_found' }), { times: 1 });
  await portal.button('Revoke A').click();
  await portal.button('Revoke token').click();
  await expect(portal.dialog.getByRole('alert')).toHaveText("We couldn't find “A” in your account. Reload the page.");
  await portal.button('Cancel').click();
  await expect(portal.row('A')).toHaveCount(1);
});
