import { expect } from '@playwright/test';

import type { Portal } from './portal.ts';
import type { Client, Server } from './server.ts';

/** Logs another client in, in another tab of the same browser; the page stays as it is. */
export async function logInAnother(portal: Portal, server: Server): Promise<Client> {
  const other = server.addClient('Bertha Benz');
  const { email, password } = other;
  const answer = await portal.page.request.post('/login', { form: { email, password }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  return other;
}

/** What a page says once another client is logged in. */
export const nowLoggedIn = ({ email }: Client) => `You're now logged in as ${email} in this browser, so nothing was done.`;

/** Loses the next response to a request for a token, which the browser repeats by itself. */
export async function loseCreated({ page }: Portal): Promise<void> {
  await page.route(
    '/rpc/tokens/create',
    async (route) => {
      await route.fetch();
      await route.continue();
    },
    { times: 1 },
  );
}

/** States in which the page is out of date. */
export const CONFLICTS: Record<string, (portal: Portal, server: Server) => Promise<unknown>> = {
  'created but not shown': async (portal) => {
    await portal.openProfile();
    await loseCreated(portal);
    await portal.submit('My Integration');
    await expect(portal.button('Replace and show')).toBeVisible();
  },
  'another account in the form': async (portal, server) => {
    await portal.openProfile();
    const other = await logInAnother(portal, server);
    await portal.submit('My Integration');
    await expect(portal.alert.filter({ hasText: nowLoggedIn(other) })).toBeVisible();
  },
  'another account in the dialog': async (portal, server) => {
    await portal.signIn();
    await portal.createUnseen('My Integration');
    await portal.open('/profile');
    const other = await logInAnother(portal, server);
    await portal.button('Revoke My Integration').click();
    await portal.button('Revoke token').click();
    await expect(portal.dialog.getByRole('alert')).toContainText(nowLoggedIn(other));
  },
  'another account page': async (portal, server) => {
    await portal.openProfile();
    await logInAnother(portal, server);
    await portal.page.getByText('Edit details').click();
    await portal.button('Save details').click();
    await expect(portal.page.getByRole('link', { name: 'Reload the page' })).toBeVisible();
    await portal.ready();
  },
  'details changed meanwhile': async (portal) => {
    await portal.openProfile();
    const other = { name: 'Ada King', city: 'London', country: 'GB' };
    await portal.page.request.post('/profile/details', { form: other, maxRedirects: 0 });
    await portal.page.getByText('Edit details').click();
    await portal.page.getByLabel('Phone').fill('+44 20 7946 0000');
    await portal.button('Save details').click();
    await expect(portal.alert).toContainText('This was changed after you opened the page');
    await portal.ready();
  },
};
