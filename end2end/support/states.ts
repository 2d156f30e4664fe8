import { expect } from '@playwright/test';

import type { Portal } from './portal.ts';

/** A state of the portal, and how one gets there. */
export type State = (portal: Portal) => Promise<unknown>;

/** Each state with JavaScript on. */
export const STATES: Record<string, State> = {
  login: (portal) => portal.open('/login'),
  'login failed': async (portal) => {
    await portal.open('/login');
    await portal.logIn('not the password');
    await expect(portal.alert).toBeVisible();
    await portal.ready();
  },
  'login empty': async (portal) => {
    await portal.open('/login');
    await portal.button('Log in').click();
    await expect(portal.page.getByText('Type your email address.')).toBeVisible();
  },
  'login after signing out': async (portal) => {
    await portal.open('/login?next=%2Fprofile&signed_out=1');
    await expect(portal.said('You were signed out.')).toBeVisible();
  },
  'dashboard new': async (portal) => {
    await portal.signIn();
    await portal.open('/');
  },
  'dashboard in use': async (portal) => {
    await openWithTokens(portal);
    await use(portal);
    await portal.open('/');
  },
  'account menu': async (portal) => {
    await portal.signIn();
    await portal.open('/');
    await portal.button(`Account menu, ${portal.client.name}`).click();
  },
  'profile without tokens': (portal) => portal.openProfile(),
  'profile with tokens': async (portal) => {
    await openWithTokens(portal);
    await use(portal);
    await portal.open('/profile');
  },
  'name refused': async (portal) => {
    await openWithTokens(portal);
    await portal.submit('My Integration');
    await expect(portal.nameField).toHaveAttribute('aria-invalid', 'true');
  },
  'signed out': async (portal) => {
    await openWithTokens(portal);
    await portal.page.context().clearCookies();
    await portal.submit('Billing Dashboard');
    await expect(portal.alert.getByRole('link', { name: 'Log in' })).toBeVisible();
  },
  'reveal dialog': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
  },
  'reveal dialog copied and tested': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await portal.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await portal.page.getByRole('radio', { name: 'PHP' }).check();
    await portal.copy();
    await portal.button('Test this token').click();
    await expect(portal.said('Works. Signed in as')).toBeVisible();
  },
  'question before closing': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await portal.button('Done').click();
    await expect(portal.button('Copy and close')).toBeFocused();
  },
  'token created but not copied': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await portal.leaveReveal();
  },
  'revoke dialog': async (portal) => {
    await openWithTokens(portal);
    await portal.button('Revoke My Integration').click();
    await expect(portal.dialog).toBeVisible();
  },
  'revoke failed': async (portal) => {
    await openWithTokens(portal);
    await portal.page.context().clearCookies();
    await portal.button('Revoke My Integration').click();
    await portal.button('Revoke token').click();
    await expect(portal.dialog.getByRole('alert')).toBeVisible();
  },
  'token page unused': async (portal) => {
    await openWithTokens(portal);
    await portal.followToken('My Integration');
  },
  'token page in use': async (portal) => {
    await openWithTokens(portal);
    await use(portal);
    await portal.open('/profile');
    await portal.followToken('Billing Dashboard');
  },
  'revoke all page': async (portal) => {
    await openWithTokens(portal);
    await portal.page.getByRole('link', { name: 'Revoke all tokens' }).click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Revoke all 2 tokens?');
    await portal.ready();
  },
  'details being edited': async (portal) => {
    await portal.openProfile();
    await portal.page.getByText('Edit details').click();
    await expect(portal.button('Save details')).toBeVisible();
  },
  'session ending': async (portal) => {
    await portal.page.clock.install();
    await portal.openProfile();
    await portal.page.clock.fastForward('28:01');
    await expect(portal.button('Stay signed in')).toBeVisible();
  },
  'API docs': (portal) => portal.open('/docs/api'),
  'page not found': (portal) => portal.open('/nowhere'),
};

/** The same, of pages that one only sees without WebAssembly. */
export const PLAIN_STATES: Record<string, State> = {
  'reveal page': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
  },
  'already shown page': async (portal) => {
    await PLAIN_STATES['reveal page'](portal);
    await portal.page.reload();
    await expect(portal.button('I did not see it: show a new one')).toBeVisible();
  },
  'revoke page': async (portal) => {
    await openWithTokens(portal);
    await portal.button('Revoke My Integration').click();
    await expect(portal.button('Revoke token')).toBeVisible();
  },
  'password refused': async (portal) => {
    await portal.openProfile();
    await portal.page.getByLabel('Current password').fill(portal.client.password);
    await portal.page.getByLabel('New password').fill('too short');
    await portal.button('Change password').click();
    await expect(portal.alert).toBeVisible();
  },
};

/** Messages on the console that these states are about. */
export const EXPECTED = /status of (401|404|422)/;

/** The name of a state as a file's. */
export const fileName = (state: string) => state.toLowerCase().replaceAll(' ', '-');

async function openWithTokens(portal: Portal): Promise<void> {
  await portal.signIn();
  await portal.createUnseen('My Integration', 'A name as long as names get '.repeat(4).slice(0, 100).trim());
  await portal.open('/profile');
}

/** Uses a token of the client, and waits until that is written down. */
async function use(portal: Portal): Promise<void> {
  const { page } = portal;
  const answer = await page.request.post('/profile/tokens', { form: { name: 'Billing Dashboard' } });
  const [token] = (await answer.text()).match(/ot_live_[0-9A-Za-z]{38}/) ?? [];
  const called = await page.request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } });
  expect(called.status()).toBe(200);
  await expect(async () => {
    await portal.open('/profile');
    await expect(portal.row('Billing Dashboard')).not.toContainText('Never used', { timeout: 100 });
  }).toPass();
}
