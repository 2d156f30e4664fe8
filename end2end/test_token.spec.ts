import { type Portal, TOKEN } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const API = '/api/v1/me';

/** Revokes the token as another tab would. */
async function revokeElsewhere(portal: Portal): Promise<void> {
  const other = await portal.newTab();
  await other.open('/profile');
  await other.button('Revoke A').click();
  await other.button('Revoke token').click();
  await expect(other.said('Token “A” revoked.')).toBeVisible();
  await other.page.close();
}

test.describe('testing a new token', { tag: '@javascript' }, () => {
  test.beforeEach(({ portal }) => portal.openProfile());

  test('calls as an integration would: by the token alone', async ({ portal }) => {
    const token = await portal.create('A');
    const called = portal.page.waitForRequest(API);
    await portal.button('Test this token').click();
    const headers = await (await called).allHeaders();
    expect(headers.authorization).toBe(`Bearer ${token}`);
    expect(headers).not.toHaveProperty('cookie');
    await expect(portal.said(`It works. Authenticated as ${portal.client.name}.`)).toBeVisible();
  });

  test('says what the server answered to one that was revoked meanwhile', async ({ portal, announce }) => {
    announce(/status of 401/);
    await portal.create('A');
    await revokeElsewhere(portal);
    await portal.button('Test this token').click();
    await expect(portal.said('This token was rejected (401). It may have been revoked.')).toBeVisible();
  });

  test('says that no answer came, and can be tried again', async ({ portal, announce }) => {
    announce(/Failed to load resource.*api\/v1\/me/);
    await portal.create('A');
    await portal.page.route(API, (route) => route.abort(), { times: 1 });
    await portal.button('Test this token').click();
    await expect(portal.said('No response. Check your connection and try again.')).toBeVisible();
    await portal.button('Test this token').click();
    await expect(portal.said('It works. Authenticated as')).toBeVisible();
    await expect(portal.said('No answer came.')).toHaveCount(0);
  });

  test('says so while it waits, and asks once', async ({ portal }) => {
    let answer = () => {};
    const released = new Promise<void>((done) => (answer = done));
    let calls = 0;
    await portal.page.route(API, async (route) => {
      calls += 1;
      await released;
      await route.continue();
    });
    await portal.create('A');
    await portal.button('Test this token').click();
    const pending = portal.button('Testing…');
    await expect(pending).toHaveAttribute('aria-disabled', 'true');
    await pending.click({ force: true });
    answer();
    await expect(portal.said('It works. Authenticated as')).toBeVisible();
    expect(calls).toBe(1);
  });
});

test.describe('where the form was sent before the page came to life', { tag: '@javascript' }, () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('the token on a page of its own is copied and tested by buttons', async ({ portal }) => {
    const { page } = portal;
    await portal.openProfile();
    await portal.nameField.fill('A');
    await portal.nameField.evaluate((field: HTMLInputElement) => field.form!.submit());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Copy your new token');
    await portal.ready();
    await expect(portal.secret).toHaveText(TOKEN);
    const token = await portal.secret.innerText();

    await portal.copy();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await portal.button('Test this token').click();
    await expect(portal.said(`It works. Authenticated as ${portal.client.name}.`)).toBeVisible();
    await portal.button('Copy .env').click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`OPENTILL_TOKEN=${token}`);
    await portal.leaveReveal();
    await expect(portal.row('A')).toContainText(`ot_live_…${token.slice(-4)}`);
  });
});
