import { expect, test } from './support/test.ts';
import type { Portal } from './support/portal.ts';
import { hold } from './support/portal.ts';

/** What a browser does when the tab is shown again; in tests all pages count as visible. */
async function comeBack({ page }: Portal): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
}

const focusWindow = ({ page }: Portal) => page.evaluate(() => window.dispatchEvent(new Event('focus')));

/** Opens the Profile page with these tokens, the last one first. */
async function openWith(portal: Portal, ...names: string[]): Promise<void> {
  await portal.signIn();
  await portal.createUnseen(...names);
  await portal.open('/profile');
}

/** Revokes a token in another tab. */
async function revokeElsewhere(portal: Portal, name: string): Promise<void> {
  const other = await portal.newTab();
  await other.open('/profile');
  await other.button(`Revoke ${name}`).click();
  await other.button('Revoke token').click();
  await expect(other.said(`Token “${name}” revoked.`)).toBeVisible();
  await other.page.close();
}

/** Counts the page's requests for the list. */
function countRequests({ page }: Portal): () => number {
  let requests = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/rpc/tokens/list') requests += 1;
  });
  return () => requests;
}

test.describe('the list of a tab that is shown again', { tag: '@javascript' }, () => {
  test('shows what another tab has created and revoked, and keeps what is typed and the focus', async ({ portal }) => {
    await openWith(portal, 'A', 'B');
    await portal.nameField.fill('My Integration');
    await portal.button('Revoke B').focus();
    await revokeElsewhere(portal, 'A');
    await portal.createUnseen('C');

    await comeBack(portal);
    await expect(portal.row('C')).toBeVisible();
    await expect(portal.row('A')).toHaveCount(0);
    await expect(portal.rows).toHaveCount(2);
    await expect(portal.rows.first()).toContainText('C');
    await expect(portal.page.getByText(/^2 of \d+$/)).toBeVisible();
    await expect(portal.button('Revoke B')).toBeFocused();
    await expect(portal.nameField).toHaveValue('My Integration');
  });

  test('keeps the caret and the selection', async ({ portal }) => {
    await openWith(portal, 'A');
    await portal.nameField.fill('My Integration');
    await portal.nameField.evaluate((field: HTMLInputElement) => field.setSelectionRange(3, 7));
    await portal.createUnseen('B');
    await comeBack(portal);
    await expect(portal.row('B')).toBeVisible();
    await expect(portal.nameField).toBeFocused();
    const caret = await portal.nameField.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]);
    expect(caret).toEqual([3, 7]);
  });

  test('changes a row in place', async ({ portal, me }) => {
    await portal.openProfile();
    const token = await portal.create('A');
    await portal.leaveReveal();
    await expect(portal.row('A')).toContainText('Never used');
    const row = await portal.row('A').elementHandle();
    await portal.button('Revoke A').focus();
    expect((await me(token)).status()).toBe(200);
    const id = (await portal.button('Revoke A').getAttribute('id'))!.slice('revoke-'.length);
    const form = { name: 'Renamed', old_name: 'A' };
    const renamed = await portal.page.request.post(`/profile/tokens/${id}/rename`, { form, maxRedirects: 0 });
    expect(renamed.status()).toBe(303);

    // The use is recorded within seconds.
    await expect(async () => {
      await comeBack(portal);
      await expect(portal.row('Renamed')).toContainText('just now', { timeout: 500 });
      await expect(portal.row('Renamed')).not.toContainText('Never used', { timeout: 500 });
    }).toPass();
    await expect(portal.button('Revoke Renamed')).toBeFocused();
    expect(await row!.evaluate((row) => row.isConnected)).toBe(true);
    await portal.button('Revoke Renamed').click();
    await expect(portal.dialog).toContainText('Revoke “Renamed”?');
    await expect(portal.dialog).not.toContainText('Never used');
  });

  test('moves the focus on from a row that is gone', async ({ portal }) => {
    await openWith(portal, 'A', 'B', 'C');
    await portal.button('Revoke B').focus();
    await revokeElsewhere(portal, 'B');
    await comeBack(portal);
    await expect(portal.row('B')).toHaveCount(0);
    await expect(portal.button('Revoke A')).toBeFocused();
  });

  test('leaves the revoke dialog and its row alone until the dialog is closed', async ({ portal }) => {
    await openWith(portal, 'A', 'B');
    await portal.button('Revoke A').click();
    await revokeElsewhere(portal, 'A');
    const requests = countRequests(portal);
    await comeBack(portal);
    await expect(portal.page.getByRole('dialog', { name: 'Revoke “A”?' })).toBeVisible();
    await expect(portal.button('Cancel')).toBeFocused();
    await portal.button('Cancel').click();
    await expect(portal.row('A')).toHaveCount(0);
    await expect(portal.button('Revoke B')).toBeFocused();
    expect(requests()).toBe(1);
  });

  test('leaves the reveal dialog alone', async ({ portal }) => {
    await portal.openProfile();
    const token = await portal.create('A');
    await portal.createUnseen('B');
    const requests = countRequests(portal);
    await comeBack(portal);
    await expect.poll(requests).toBe(1);
    await expect(portal.page.locator('tbody tr')).toHaveCount(2);
    await expect(portal.secret).toHaveText(token);
    await expect(portal.button('Copy token')).toBeFocused();
    await portal.leaveReveal();
    await expect(portal.rows).toHaveCount(2);
  });

  test('shows no response that is older than what was done here', async ({ portal }) => {
    const { page } = portal;
    await openWith(portal, 'A');
    let release = () => {};
    const released = new Promise<void>((done) => (release = done));
    await page.route(
      '/rpc/tokens/list',
      async (route) => {
        const response = await route.fetch();
        await released;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await comeBack(portal);
    await portal.create('B');
    const responded = page.waitForResponse('/rpc/tokens/list');
    release();
    await (await responded).finished();
    await expect(page.locator('tbody tr')).toHaveCount(2);
    await portal.leaveReveal();
    await expect(portal.rows).toHaveCount(2);
  });

  test('is requested after each action', async ({ portal }) => {
    await openWith(portal, 'A');
    await portal.createUnseen('B');
    await portal.create('C');
    await portal.leaveReveal();
    await expect(portal.row('B')).toBeVisible();
    await portal.createUnseen('D');
    await portal.button('Revoke C').click();
    await portal.button('Revoke token').click();
    await expect(portal.said('Token “C” revoked.')).toBeVisible();
    await expect(portal.row('D')).toBeVisible();
    await expect(portal.rows).toHaveCount(3);
    await expect(portal.button('Revoke B')).toBeFocused();
  });

  test('is requested by a focused window once in some seconds', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await openWith(portal, 'A');
    const requests = countRequests(portal);
    await focusWindow(portal);
    await focusWindow(portal);
    await expect.poll(requests).toBe(1);
    await page.clock.fastForward('00:04');
    await focusWindow(portal);
    expect(requests()).toBe(1);
    await page.clock.fastForward('00:02');
    await portal.createUnseen('B');
    await focusWindow(portal);
    await expect(portal.row('B')).toBeVisible();
    expect(requests()).toBe(2);
  });

  test('says how long ago things were by now', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await openWith(portal, 'A');
    await expect(portal.row('A')).toContainText('just now');
    await page.clock.fastForward('03:00');
    await comeBack(portal);
    await expect(portal.row('A')).toContainText('3 minutes ago');
  });

  test('stays as it is if the request fails', async ({ portal, announce }) => {
    announce(/Failed to load resource/);
    const { page } = portal;
    await openWith(portal, 'A');
    await page.route('/rpc/tokens/list', (route) => route.abort(), { times: 1 });
    const failed = page.waitForEvent('requestfailed');
    await comeBack(portal);
    await failed;
    await expect(portal.row('A')).toBeVisible();
    await expect(portal.alert.filter({ visible: true })).toHaveCount(0);
    await portal.createUnseen('B');
    await comeBack(portal);
    await expect(portal.row('B')).toBeVisible();
  });

  test('stays as it is offline, where nothing is requested', async ({ portal }) => {
    await openWith(portal, 'A');
    const requests = countRequests(portal);
    await portal.page.context().setOffline(true);
    await comeBack(portal);
    await portal.page.context().setOffline(false);
    await portal.createUnseen('B');
    await comeBack(portal);
    await expect(portal.row('B')).toBeVisible();
    expect(requests()).toBe(1);
  });

  test('says that the session has ended', async ({ portal, server, announce }) => {
    announce(/status of 401/);
    await openWith(portal, 'A');
    await portal.nameField.fill('My Integration');
    server.endSessions(portal.client);
    await comeBack(portal);
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
    await expect(portal.row('A')).toBeVisible();
    await expect(portal.nameField).toHaveValue('My Integration');
  });

  test('asks once while a request is pending and the window gets the focus as well', async ({ portal }) => {
    await openWith(portal, 'A');
    const held = await hold(portal.page, '/rpc/tokens/list');
    await comeBack(portal);
    await focusWindow(portal);
    await expect.poll(() => held.requests).toBe(1);
    await portal.createUnseen('B');
    held.release();
    await expect(portal.row('B')).toBeVisible();
    expect(held.requests).toBe(1);
  });
});
