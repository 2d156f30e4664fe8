import { hold, type Portal } from './support/portal.ts';
import { expect, expectUnauthenticated, test } from './support/test.ts';

/** Opens the Profile page with these tokens, the last one first. */
async function openWith(portal: Portal, ...names: string[]): Promise<void> {
  await portal.signIn();
  await portal.createUnseen(...names);
  await portal.open('/profile');
  await expect(portal.rows).toHaveCount(names.length);
}

test.describe('the dialog', { tag: '@javascript' }, () => {
  test('names the token, and when it was made and used', async ({ portal, me }) => {
    await portal.openProfile();
    const used = await portal.create('Used');
    await portal.leaveReveal();
    await portal.createUnseen('Unused');
    expect((await me(used)).status()).toBe(200);
    await expect(async () => {
      await portal.open('/profile');
      await expect(portal.row('Used')).not.toContainText('Never used', { timeout: 100 });
    }).toPass();

    await portal.button('Revoke Used').click();
    const dialog = portal.page.getByRole('dialog', { name: 'Revoke “Used”?' });
    await expect(dialog).toContainText(`ot_live_…${used.slice(-4)}`);
    await expect(dialog).toContainText(/Created\s*(today \d\d:\d\d|\d+ \w{3} \d{4} \d\d:\d\d UTC), just now/);
    await expect(dialog).toContainText(/Last used\s*(today \d\d:\d\d|\d+ \w{3} \d{4} \d\d:\d\d UTC), just now/);
    await expect(dialog).toHaveAccessibleDescription(
      "Anything using this token will stop working immediately. This can't be undone.",
    );
    await expect(portal.button('Cancel')).toBeFocused();
    await portal.button('Cancel').click();

    await portal.button('Revoke Unused').click();
    await expect(portal.dialog).toContainText(/Last used,?\s*Never used/);
  });

  test('cancels by Cancel and by Escape, back to the row', async ({ portal }) => {
    await openWith(portal, 'A');
    for (const cancel of [
      () => portal.button('Cancel').click(),
      () => portal.page.keyboard.press('Escape'),
    ]) {
      await portal.button('Revoke A').click();
      await expect(portal.dialog).toBeVisible();
      await cancel();
      await expect(portal.dialog).toBeHidden();
      await expect(portal.button('Revoke A')).toBeFocused();
    }
    await portal.open('/profile');
    await expect(portal.row('A')).toBeVisible();
  });

  test('says that it is done, and the focus goes on', async ({ portal }) => {
    await openWith(portal, 'A', 'B', 'C');
    const order: [string, string | null][] = [
      ['B', 'A'],
      ['A', 'C'],
      ['C', null],
    ];
    for (const [name, next] of order) {
      await portal.button(`Revoke ${name}`).click();
      await portal.button('Revoke token').click();
      await expect(portal.said(`Token “${name}” revoked.`)).toBeVisible();
      await expect(portal.dialog).toBeHidden();
      await expect(portal.row(name)).toHaveCount(0);
      await expect(next ? portal.button(`Revoke ${next}`) : portal.nameField).toBeFocused();
    }
    await expect(portal.page.getByText('You have no API tokens yet.')).toBeVisible();
  });

  test('takes a token that is gone already as revoked', async ({ portal }) => {
    await openWith(portal, 'A');
    // The question was open before: the list itself follows the other tab.
    await portal.button('Revoke A').click();
    const other = await portal.newTab();
    await other.open('/profile');
    await other.button('Revoke A').click();
    await other.button('Revoke token').click();
    await expect(other.said('Token “A” revoked.')).toBeVisible();

    await portal.button('Revoke token').click();
    await expect(portal.said('Token “A” is revoked.')).toBeVisible();
    await expect(portal.rows).toHaveCount(0);
  });

  test('stays with an alert when the request fails, and can be tried again', async ({ portal, announce, me }) => {
    announce(/Failed to load resource.*tokens\/revoke/);
    await portal.openProfile();
    const token = await portal.create('A');
    await portal.leaveReveal();
    await portal.page.route('/rpc/tokens/revoke', (route) => route.abort(), { times: 1 });
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    await expect(portal.dialog.getByRole('alert')).toHaveText(
      "We couldn't confirm that “A” was revoked. It's safe to try again.",
    );
    await expect(portal.row('A')).toHaveCount(1);
    expect((await me(token)).status()).toBe(200);

    await portal.button('Revoke token').click();
    await expect(portal.said('Token “A” revoked.')).toBeVisible();
    await expectUnauthenticated(await me(token));
  });

  test('says that it is being revoked, and asks once', async ({ portal }) => {
    await openWith(portal, 'A');
    const held = await hold(portal.page, '/rpc/tokens/revoke');
    const pending = portal.button('Revoking…');
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    await expect(pending).toHaveAttribute('aria-disabled', 'true');
    await expect(pending).toBeFocused();
    await pending.click({ force: true });
    held.release();
    await expect(portal.said('Token “A” revoked.')).toBeVisible();
    expect(held.requests).toBe(1);
  });

  test('says that nothing was revoked when the session is over', async ({ portal, server, announce }) => {
    announce(/status of 401/);
    await openWith(portal, 'A');
    server.endSessions(portal.client);
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    const alert = portal.dialog.getByRole('alert');
    await expect(alert).toContainText('Your session has ended. Log in to continue. Nothing was revoked.');
    await portal.follow(alert.getByRole('link', { name: 'Log in' }), '/login?next=%2Fprofile%23api-tokens');
    await portal.logIn();
    await expect(portal.row('A')).toBeVisible();
  });

  test('revokes once, however often it is clicked', async ({ portal }) => {
    await openWith(portal, 'A', 'B');
    const asked: string[] = [];
    portal.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await portal.button('Revoke B').click();
    await portal.button('Revoke token').dblclick();
    await expect(portal.said('Token “B” revoked.')).toBeVisible();
    await expect(portal.row('A')).toBeVisible();
    // After that the page requests the list, and itself for what else has changed.
    await expect.poll(() => asked.toSorted()).toEqual(['/profile', '/rpc/tokens/list', '/rpc/tokens/revoke']);
  });
});

test.describe('the page without JavaScript', { tag: '@plain' }, () => {
  test('names the token, and leaves it alone on Cancel', async ({ portal }) => {
    await openWith(portal, 'A');
    await portal.button('Revoke A').click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Revoke “A”?');
    const main = portal.page.getByRole('main');
    await expect(main).toContainText(/ot_live_….{4}/);
    await expect(main).toContainText(/Created\s*(today \d\d:\d\d|\d+ \w{3} \d{4} \d\d:\d\d UTC), just now/);
    await expect(main).toContainText(/Last used,?\s*Never used/);
    await portal.follow(portal.page.getByRole('link', { name: 'Cancel' }), '/profile#api-tokens');
    await expect(portal.row('A')).toBeVisible();
  });

  test('takes a token that is gone already as revoked', async ({ portal }) => {
    await openWith(portal, 'A');
    const tabs = [portal, await portal.newTab()];
    for (const tab of tabs) {
      await tab.open('/profile');
      await tab.button('Revoke A').click();
      await expect(tab.button('Revoke token')).toBeVisible();
    }
    for (const tab of tabs) await tab.button('Revoke token').click();
    await expect(tabs[0].said('Token revoked. It no longer works.')).toBeVisible();
    await expect(tabs[1].said('Token is revoked. It no longer works.')).toBeVisible();
    await expect(portal.rows).toHaveCount(0);
  });
});
