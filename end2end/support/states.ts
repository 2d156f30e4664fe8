import { expect, request } from '@playwright/test';

import { CONFLICTS } from './conflicts.ts';
import { type Portal, TOKEN } from './portal.ts';
import { MAX_TOKENS, type Server } from './server.ts';

/** Leads to a state of the portal. */
export type State = (portal: Portal, server: Server) => Promise<unknown>;

/** The user agent of a phone. */
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/** The states with JavaScript. */
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
    await expect(portal.page.getByText('Enter your email address.')).toBeVisible();
  },
  'login throttled': async (portal) => {
    await portal.open('/login');
    const form = { email: portal.client.email, password: 'not the password' };
    for (let tries = 0; tries < 20; tries += 1) await portal.page.request.post('/login', { form });
    // Another attempt is allowed every few seconds.
    await expect(async () => {
      await portal.logIn('not the password');
      await expect(portal.page.getByText('Try again in')).toBeVisible({ timeout: 500 });
    }).toPass();
    await portal.ready();
  },
  'login after signing out': async (portal, server) => {
    await portal.signIn();
    server.endSessions(portal.client);
    await portal.open('/profile');
    await expect(portal.said('Your session has ended.')).toBeVisible();
  },
  'dashboard new': async (portal) => {
    await portal.signIn();
    await portal.open('/');
  },
  'dashboard with an unused token': async (portal) => {
    await portal.signIn();
    await portal.createUnseen('My Integration');
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
  'profile with many tokens': async (portal) => {
    await openWithTokens(portal);
    await portal.createUnseen(...Array.from({ length: 10 }, (_, at) => `Integration ${at + 1}`));
    await portal.open('/profile');
    // As the server marks tokens after three months.
    await portal.rows.locator('[data-label="Last used"]').evaluateAll((cells) => {
      for (const cell of cells) {
        cell.insertAdjacentHTML('beforeend', '<span class="tag warn stale">Unused for 90+ days</span>');
      }
    });
  },
  'recently revoked open': async (portal) => {
    await openWithTokens(portal);
    await revokeAll(portal);
    await portal.open('/profile');
    await portal.page.getByText('Recently revoked (2)').click();
    await expect(portal.page.locator('details.revoked')).toHaveAttribute('open');
  },
  'two sessions': async (portal) => {
    await portal.openProfile();
    const { email, password } = portal.client;
    const phone = await request.newContext({ userAgent: PHONE, baseURL: portal.page.url() });
    const answer = await phone.post('/login', { form: { email, password }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    await phone.dispose();
    await portal.open('/profile');
    await expect(portal.button('Log out all other sessions')).toBeVisible();
  },
  suspended: async (portal, server) => {
    await openWithTokens(portal);
    server.suspend(portal.client);
    await portal.open('/profile');
    await expect(portal.nameField).toBeDisabled();
  },
  'limit of tokens reached': async (portal) => {
    await portal.signIn();
    await portal.createUnseen(...Array.from({ length: MAX_TOKENS }, (_, at) => `Integration ${at + 1}`));
    await portal.open('/profile');
    await expect(portal.page.getByText(`You've reached the limit of ${MAX_TOKENS} active tokens.`)).toBeVisible();
  },
  'not known whether created': async (portal) => {
    await openWithTokens(portal);
    await portal.page.route('/rpc/tokens/create', (route) => route.abort(), { times: 1 });
    await portal.submit('Billing Dashboard');
    await expect(portal.alert.filter({ hasText: "It's safe to try again." })).toBeVisible();
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
    // Firefox has no such permissions, and needs none.
    await portal.page.context().grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
    await portal.page.getByRole('radio', { name: 'PHP' }).first().check();
    await portal.copy();
    await portal.button('Test this token').click();
    await expect(portal.said('It works. Authenticated as')).toBeVisible();
  },
  'reveal dialog with a failed test': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await revokeAll(portal);
    await portal.button('Test this token').click();
    await expect(portal.said('This token was rejected (401)')).toBeVisible();
  },
  'reveal page with scripts': async (portal) => {
    await portal.openProfile();
    // As the browser does before hydration.
    await portal.nameField.fill('My Integration');
    await portal.nameField.evaluate((field: HTMLInputElement) => field.form!.submit());
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Copy your new token');
    await portal.ready();
    await expect(portal.secret).toHaveText(TOKEN);
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
  'token page revoked': async (portal) => {
    await openWithTokens(portal);
    await use(portal);
    await revokeAll(portal);
    await portal.open('/profile');
    await portal.page.getByText('Recently revoked (3)').click();
    await portal.page.getByRole('link', { name: 'Billing Dashboard' }).first().click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toContainText('Revoked');
    await portal.ready();
  },
  'token not renamed': async (portal) => {
    await openWithTokens(portal);
    await portal.createUnseen('Billing Dashboard');
    await portal.followToken('My Integration');
    await portal.nameField.fill('Billing Dashboard');
    await portal.button('Rename').click();
    await expect(portal.page.getByText('You already have an active token named')).toBeVisible();
    await portal.ready();
  },
  'all tokens page': async (portal) => {
    await openWithTokens(portal);
    await portal.open('/profile/tokens/all');
  },
  'activity page': async (portal) => {
    await openWithTokens(portal);
    await portal.open('/activity');
  },
  'revoke all page': async (portal) => {
    await openWithTokens(portal);
    await portal.page.getByRole('link', { name: 'Revoke all tokens' }).click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Revoke all 2 tokens?');
    await portal.ready();
  },
  'revoke all page without tokens': async (portal) => {
    await portal.signIn();
    await portal.open('/profile/tokens/revoke-all');
  },
  'details being edited': editDetails,
  'details refused': async (portal) => {
    await editDetails(portal);
    await portal.page.getByLabel('Company').fill('a\u202eb');
    await portal.button('Save details').click();
    await expect(portal.page.getByText("isn't allowed (U+202E).")).toBeVisible();
    await portal.ready();
  },
  'session ending': async (portal) => {
    await portal.page.clock.install();
    await portal.openProfile();
    await portal.page.clock.fastForward('28:01');
    await expect(portal.button('Stay logged in')).toBeVisible();
  },
  ...CONFLICTS,
  'API docs': (portal) => portal.open('/docs/api'),
  'page not found': (portal) => portal.open('/nowhere'),
};

/** The states without WebAssembly. */
export const PLAIN_STATES: Record<string, State> = {
  'reveal page': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
  },
  'already created page': async (portal, server) => {
    await PLAIN_STATES['reveal page'](portal, server);
    await portal.page.reload();
    await expect(portal.button('Replace and show')).toBeVisible();
  },
  'revoke page': async (portal) => {
    await openWithTokens(portal);
    await portal.button('Revoke My Integration').click();
    await expect(portal.button('Revoke token')).toBeVisible();
  },
  'password refused': async (portal) => {
    await portal.openProfile();
    await portal.page.getByLabel('Current password').fill(portal.client.password);
    await portal.page.getByLabel('New password').fill('password'.repeat(3));
    await portal.button('Change password').click();
    await expect(portal.page.locator('#new-password-error')).toBeVisible();
  },
};

/** Console messages that these states cause. */
export const EXPECTED = /status of (401|404|409|422|429)|tokens\/create/;

async function openWithTokens(portal: Portal): Promise<void> {
  await portal.signIn();
  await portal.createUnseen('My Integration', 'A name as long as names get '.repeat(4).slice(0, 100).trim());
  await portal.open('/profile');
}

async function editDetails(portal: Portal): Promise<void> {
  await portal.openProfile();
  await portal.page.getByText('Edit details').click();
  await expect(portal.button('Save details')).toBeVisible();
}

/** Revokes all tokens, as another tab would. */
async function revokeAll({ page }: Portal): Promise<void> {
  const form = { confirmation: 'revoke all' };
  const answer = await page.request.post('/profile/tokens/revoke-all', { form, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
}

/** Uses a token of the client, and waits until the use is recorded. */
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
