import { expect, test } from './support/test.ts';

test.describe('what was typed', { tag: '@javascript' }, () => {
  test('survives a new login, in a form of an island', async ({ portal, server, announce }) => {
    announce(/status of 401/);
    await portal.openProfile();
    server.endSessions(portal.client);
    await portal.submit('Billing dashboard');
    await portal.follow(portal.alert.getByRole('link', { name: 'Log in' }), '/login?next=%2Fprofile%23api-tokens');
    await portal.logIn();
    await portal.page.waitForURL('/profile#api-tokens');
    await expect(portal.nameField).toHaveValue('Billing dashboard');
  });

  test('survives a new login, in a plain form, but no password does', async ({ portal, server }) => {
    const { page } = portal;
    await portal.openProfile();
    await page.getByText('Edit details').click();
    await page.getByLabel('Company').fill('Analytical Engines');
    await page.getByLabel('Current password').fill('a secret that is kept nowhere');
    server.endSessions(portal.client);
    await portal.button('Save details').click();
    await page.waitForURL(/\/login/);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('kept nowhere');
    await portal.logIn();
    await page.waitForURL('/profile#details');
    await expect(page.getByLabel('Company')).toHaveValue('Analytical Engines');
    await portal.button('Save details').click();
    await expect(portal.said('Details saved.')).toBeVisible();
    await portal.ready();
    await page.getByText('Edit details').click();
    await page.getByLabel('Company').fill('Other');
    await page.getByText('Cancel').click();
    await expect(page.locator('.details')).toContainText('Analytical Engines');
    await page.getByText('Edit details').click();
    await expect(page.getByLabel('Company')).toHaveValue('Analytical Engines');
  });
});
