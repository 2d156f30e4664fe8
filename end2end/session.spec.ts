import type { Page } from '@playwright/test';

import { Portal } from './support/portal.ts';
import { Server } from './support/server.ts';
import { expect, test } from './support/test.ts';

const bar = (page: Page) => page.locator('.session-watch');
const clock = (page: Page) => page.getByRole('timer');

test.describe('the end of a session', { tag: '@javascript' }, () => {
  test('is counted down to, and then it is said that it came', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    await page.clock.fastForward('28:02');
    await expect(bar(page)).toContainText("You'll be logged out in about 2 minutes.");
    await expect(clock(page)).toHaveText(/^1:5\d$/);
    await page.clock.fastForward('01:20');
    await expect(bar(page)).toContainText("You'll be logged out in less than a minute.");
    await expect(clock(page)).toHaveText(/^0:3\d$/);
    await page.clock.fastForward('00:45');
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
    await expect(clock(page)).toBeHidden();
    await expect(portal.button('Stay logged in')).toBeHidden();
    await expect(page.getByRole('link', { name: 'Log in again' })).toBeVisible();
  });

  test('is not missed by a computer that slept', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    await page.clock.fastForward('03:00:00');
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
  });

  test('is put off by what is done in another tab', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    const other = await portal.newTab();
    await other.open('/profile');
    await page.clock.fastForward('27:00');
    await other.page.reload();
    await other.ready();
    await page.clock.fastForward('01:30');
    await expect(bar(page)).toBeHidden();
    await expect(bar(other.page)).toBeHidden();
    await page.clock.fastForward('27:00');
    await expect(bar(page)).toBeVisible();
    await expect(bar(other.page)).toBeVisible();
    // Prolonging the session in one tab does so in all.
    await other.button('Stay logged in').click();
    await expect(bar(other.page)).toBeHidden();
    await page.clock.runFor(1000);
    await expect(bar(page)).toBeHidden();
  });

  test('is put off by what is done on the page, without a new one', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    const other = await portal.newTab();
    await other.open('/docs/api');
    await page.clock.fastForward('27:00');
    await portal.create('A');
    await page.clock.fastForward('01:30');
    await expect(bar(page)).toBeHidden();
    await expect(bar(other.page)).toBeHidden();
  });

  test('is told over an open dialog, where one can stay', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    await page.clock.fastForward('27:00');
    // Only the page's clock was advanced, so the server would prolong the session by its full time.
    await portal.page.route('/rpc/tokens/*', async (route) => {
      const answer = await route.fetch();
      const headers = answer.headers();
      delete headers['session-left'];
      await route.fulfill({ response: answer, headers });
    });
    const token = await portal.create('A');
    await page.clock.fastForward('01:30');
    await expect(bar(page)).toBeVisible();
    await portal.button('Stay logged in').click();
    await expect(bar(page)).toBeHidden();
    await expect(portal.secret).toHaveText(token);
    await page.clock.fastForward('28:30');
    await expect(bar(page)).toBeVisible();
    // Closing the dialog does not hide the bar.
    await portal.leaveReveal();
    await page.clock.runFor(1000);
    await expect(bar(page)).toBeVisible();
    await portal.button('Stay logged in').click();
    await expect(bar(page)).toBeHidden();
  });

  test('is not put off by an answer that did not come', async ({ portal, announce }) => {
    announce(/session\/keep/);
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    await page.clock.fastForward('28:30');
    await page.route('/rpc/session/keep', (route) => route.abort());
    await portal.button('Stay logged in').click();
    await expect(bar(page)).toContainText(/No response from the server\.\s*You'll be logged out/);
    await expect(portal.button('Stay logged in')).toBeVisible();
    await page.clock.fastForward('02:00');
    await expect(portal.alert.filter({ hasText: 'Your session has ended.' })).toBeVisible();
    await expect(bar(page)).not.toContainText('No answer');
  });

  for (const [minutes, before, after] of [
    ['1', '00:38', '00:05'],
    ['2', '01:18', '00:05'],
  ]) {
    test(`is told a third of the time before where that is ${minutes} min`, async ({ browser }) => {
      const server = await Server.start({ OPENTILL_SESSION_IDLE_MINUTES: minutes });
      const page = await browser.newPage({ baseURL: server.url });
      const portal = new Portal(page, server.addClient('Ada Byron'), true);
      await page.clock.install();
      await portal.openProfile();
      await expect(bar(page)).toBeHidden();
      await page.clock.fastForward(before);
      await expect(bar(page)).toBeHidden();
      await page.clock.fastForward(after);
      await expect(bar(page)).toBeVisible();
      await portal.button('Stay logged in').click();
      await expect(bar(page)).toBeHidden();
      await page.close();
      await server.stop();
    });
  }
});

test.describe('tabs hear at once', { tag: '@javascript' }, () => {
  const told = (page: Page) => page.locator('#other-account');

  test('that another account was logged in to, and that it is their own again', async ({ portal, server }) => {
    const other = new Portal((await portal.newTab()).page, server.addClient('Charles Babbage'), true);
    await portal.openProfile();
    await other.signIn();
    await other.open('/');
    const { email } = other.client;
    const sentence = `You're now logged in as Charles Babbage (${email}) in this browser. Reload to continue.`;
    await expect(portal.alert.filter({ hasText: sentence })).toBeVisible();
    await expect(told(other.page)).toBeHidden();
    // A tab opened later announces the account that is logged in then.
    const third = await portal.newTab();
    await third.signIn();
    await third.open('/');
    await expect(told(portal.page)).toBeHidden();
    await expect(told(other.page)).toBeVisible();
    await other.follow(told(other.page).getByRole('link', { name: 'Reload' }), '/');
    await expect(other.button(`Account menu, ${portal.client.name}`)).toBeVisible();
  });

  test('that one logged out, and in again', async ({ portal }) => {
    const { page, client } = portal;
    await portal.openProfile();
    const other = await portal.newTab();
    await other.open('/');
    await other.button(`Account menu, ${client.name}`).click();
    await other.follow(other.button('Log out'), '/login');
    await expect(portal.alert.filter({ hasText: "You've been logged out in this browser." })).toBeVisible();
    await other.logIn();
    await other.page.waitForURL('/');
    await expect(told(page)).toBeHidden();
  });

  test('nothing of a log-in that failed', async ({ portal, announce }) => {
    announce(/status of 401/);
    await portal.openProfile();
    const { page } = portal;
    const answer = await page.request.post('/login', { form: { email: 'a@b.c', password: 'no' } });
    const failed = await portal.newTab();
    await failed.page.route('/failed', async (route) => route.fulfill({ response: answer }));
    await failed.open('/failed');
    await expect(told(page)).toBeHidden();
  });

  test('without WebAssembly, too, and in a page that was on its way', async ({ portal, server, announce }) => {
    announce(/goes on without WebAssembly|\.wasm/);
    const { page } = portal;
    await page.context().route('**/*.wasm', (route) => route.abort());
    await portal.signIn();
    await page.goto('/profile');
    const other = new Portal((await portal.newTab()).page, server.addClient('Charles Babbage'), true);
    await other.signIn();
    await other.page.goto('/');
    await expect(told(page)).toContainText('Charles Babbage');
    // A page for the previous account that arrives late.
    await page.evaluate(() => {
      const tabs = new BroadcastChannel('session');
      tabs.postMessage({ client: '0', who: 'Nobody', at: 0, until: 0, ends: 0 });
    });
    await expect(told(page)).toContainText('Charles Babbage');
    await expect(told(other.page)).toBeHidden();
  });
});
