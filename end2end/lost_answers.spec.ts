import type { Page } from '@playwright/test';

import { behindRelay } from './support/behind_relay.ts';
import type { Portal } from './support/portal.ts';
import { CUTS, type Cut, type Relay } from './support/relay.ts';
import type { Server } from './support/server.ts';
import { test as base, expect } from './support/test.ts';

// A browser repeats a POST by itself if it was sent on a reused connection that is closed without a response. It
// then shows the response to the second request, which has to be true of both.

const NEW_PASSWORD = 'another horse battery staple';

/** The relay to the server of this worker. */
const ways = new WeakMap<Server, Relay>();

const test = base.extend<{ relay: Relay }, { server: Server }>({
  server: [
    async ({}, use) => {
      const { server, relay, stop } = await behindRelay();
      ways.set(server, relay);
      await use(server);
      await stop();
    },
    { scope: 'worker' },
  ],
  relay: ({ server }, use) => use(ways.get(server)!),
});

/** Presses a button and waits for the page at `path`. */
async function press(portal: Portal, button: string, url: string): Promise<void> {
  await portal.button(button).click();
  await portal.page.waitForURL(url);
  await portal.ready();
}

/** Logs the same client in with another browser. */
async function logInElsewhere(portal: Portal, server: Server): Promise<void> {
  const { email, password } = portal.client;
  const answer = await fetch(`${server.url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  });
  expect(answer.status).toBe(303);
}

/** Reads the token; if the browser has sent the form twice, after replacing its secret. */
async function read(portal: Portal): Promise<string> {
  const offer = portal.button('Replace and show');
  await expect(portal.secret.or(offer)).toBeVisible();
  if (await offer.isVisible()) await offer.click();
  return portal.read();
}

/** The actions. Each runs once for each way to lose a response, and calls `lose` right before its request. */
type Step = (
  portal: Portal,
  lose: (path: string) => void,
  context: { server: Server; how: Cut; page: Page; me: (token: string) => Promise<{ status(): number }> },
) => Promise<void>;

const STEPS: Record<string, Step> = {
  'a token is created in the page': async (portal, lose, { how, me }) => {
    await portal.open('/profile');
    lose('/rpc/tokens/create');
    await portal.submit(`By call, ${how}`);
    const token = await read(portal);
    expect((await me(token)).status()).toBe(200);
    await portal.leaveReveal();
    await expect(portal.row(`By call, ${how}`)).toHaveCount(1);
  },
  'a token is revoked in the page': async (portal, lose, { how }) => {
    await portal.createUnseen(how);
    await portal.open('/profile');
    await portal.button(`Revoke ${how}`).click();
    lose('/rpc/tokens/revoke');
    await portal.button('Revoke token').click();
    await expect(portal.said(`Token “${how}” is revoked.`)).toBeVisible();
    await expect(portal.row(how)).toHaveCount(0);
  },
  'one stays signed in': async (portal, lose, { page, how }) => {
    if (how === CUTS[0]) await page.clock.install();
    await portal.open('/profile');
    await page.clock.fastForward('28:01');
    lose('/rpc/session/keep');
    await portal.button('Stay logged in').click();
    await expect(portal.button('Stay logged in')).toBeHidden();
  },
  'a token is renamed': async (portal, lose, { how }) => {
    await portal.createUnseen(how);
    await portal.open('/profile');
    await portal.followToken(how);
    await portal.nameField.fill(`New ${how}`);
    lose(new URL(portal.page.url()).pathname + '/rename');
    await portal.button('Rename').click();
    await expect(portal.said('Token renamed.')).toBeVisible();
  },
  'all tokens are revoked': async (portal, lose, { page, how }) => {
    await portal.createUnseen(how);
    await portal.open('/profile/tokens/revoke-all');
    await page.getByLabel('To confirm').fill('revoke all');
    lose('/profile/tokens/revoke-all');
    await press(portal, 'Revoke all tokens', '/profile#api-tokens');
    await expect(portal.said('You have no active tokens.')).toBeVisible();
  },
  'details are saved': async (portal, lose, { page, how }) => {
    await portal.open('/profile');
    await page.getByText('Edit details').click();
    await page.getByLabel('City').fill(how);
    lose('/profile/details');
    await press(portal, 'Save details', '/profile#details');
    await expect(portal.said('Details saved.')).toBeVisible();
  },
  'a session is ended': async (portal, lose, { server, page }) => {
    await logInElsewhere(portal, server);
    await portal.open('/profile');
    lose('/profile/sessions/end');
    await page.getByRole('button', { name: /^Log out .* last active/ }).click();
    await expect(portal.said('That session has already ended.')).toBeVisible();
  },
  'all other sessions are ended': async (portal, lose, { server }) => {
    await logInElsewhere(portal, server);
    await portal.open('/profile');
    lose('/profile/sessions/end-others');
    await press(portal, 'Log out all other sessions', '/profile#sessions');
    await expect(portal.said('You have no other sessions.')).toBeVisible();
  },
  'the theme is chosen': async (portal, lose, { page }) => {
    await portal.open('/profile');
    lose('/theme');
    const form = page.locator('form[action="/theme"]');
    await form.evaluate((form: HTMLFormElement) => form.requestSubmit());
    await expect(page).toHaveURL('/profile');
  },
  'one logs out, and in': async (portal, lose) => {
    await portal.open('/profile');
    await portal.button(`Account menu, ${portal.client.name}`).click();
    lose('/logout');
    await press(portal, 'Log out', '/login');
    await expect(portal.said('Your session has ended.')).toHaveCount(0);
    lose('/login');
    await portal.logIn();
    await portal.page.waitForURL('/');
    await portal.ready();
  },
  // It ends its own session, so the second request is not logged in.
  'the password is changed': async (portal, lose, { page }) => {
    const { password } = portal.client;
    const next = password === NEW_PASSWORD ? `${NEW_PASSWORD} again` : NEW_PASSWORD;
    await portal.open('/profile');
    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password').fill(next);
    lose('/profile/password');
    await press(portal, 'Change password', '/login?next=%2Fprofile%23password');
    await expect(portal.said('it may have changed: try the new one first.')).toBeVisible();
    portal.client.password = next;
    await portal.logIn();
    await expect(page).toHaveURL('/profile#password');
  },
};

/** The actions without WebAssembly. */
const PLAIN_STEPS: Record<string, Step> = {
  'a token is created by a form': async (portal, lose, { how, me }) => {
    await portal.open('/profile');
    lose('/profile/tokens');
    await portal.submit(`By form, ${how}`);
    const token = await read(portal);
    expect((await me(token)).status()).toBe(200);
    await portal.leaveReveal();
    await expect(portal.row(`By form, ${how}`)).toHaveCount(1);
  },
  'a token is revoked by a form': async (portal, lose, { how }) => {
    await portal.createUnseen(how);
    await portal.open('/profile');
    await portal.button(`Revoke ${how}`).click();
    await expect(portal.button('Revoke token')).toBeVisible();
    lose(new URL(portal.page.url()).pathname);
    await press(portal, 'Revoke token', '/profile#api-tokens');
    await expect(portal.said('Token is revoked. It no longer works.')).toBeVisible();
    await expect(portal.row(how)).toHaveCount(0);
  },
};

test.describe('when the answer is lost and the browser asks again', { tag: '@javascript' }, () => {
  for (const [what, step] of Object.entries({ ...STEPS, ...PLAIN_STEPS })) {
    test(what, async ({ portal, relay, server, me, announce }) => {
      announce(/Failed to load resource|status of 409|net::ERR|NetworkError|without WebAssembly|preload/);
      await portal.signIn();
      const viewer = what in PLAIN_STEPS ? await portal.withoutBoot() : portal;
      for (const how of CUTS) {
        const lost: string[] = [];
        const lose = (path: string) => {
          lost.push(path);
          relay.lose(path, how);
        };
        await step(viewer, lose, { server, how, page: portal.page, me });
        for (const path of lost) {
          expect(relay.posts.get(path), `${path} was sent again after ${how}`).toBeGreaterThan(1);
        }
      }
    });
  }
});
