import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from '@playwright/test';

import { test as base, expect } from './support/test.ts';

/** Another site on this machine: `localhost` and `127.0.0.1` are different sites. */
interface Elsewhere {
  /** Its URL. */
  url: string;
  /** Its HTML. */
  html: string;
}

const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({}, use) => {
    const site = { url: '', html: '' };
    const server = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html');
      answer.end(`<!DOCTYPE html><title>untried</title>${site.html}`);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    site.url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    await use(site);
    server.closeAllConnections();
    server.close();
  },
});

/** What a page of another site tries; each gets the portal's URL. */
const ATTACKS: Record<string, (portal: string) => string> = {
  'a form that sends itself': (portal) =>
    `<form method="post" action="${portal}/profile/tokens"><input name="name" value="Evil"></form>
     <script>document.forms[0].submit()</script>`,
  'a form that sends itself as plain text': (portal) =>
    `<form method="post" action="${portal}/profile/tokens" enctype="text/plain"><input name="name" value="Evil"></form>
     <script>document.forms[0].submit()</script>`,
  'a form in a new window': (portal) =>
    `<form method="post" action="${portal}/profile/tokens" target="x"><input name="name" value="Evil"></form>
     <script>open('about:blank', 'x'); document.forms[0].submit()</script>`,
  'a form that logs out': (portal) =>
    `<form method="post" action="${portal}/logout"></form><script>document.forms[0].submit()</script>`,
  'a call with cookies': (portal) =>
    `<script>fetch('${portal}/rpc/tokens/create', { method: 'POST', credentials: 'include',
       body: new URLSearchParams({ name: 'Evil', idempotency_key: '', replace_unseen: 'false' }) })
       .catch(() => {}).finally(() => { document.title = 'tried' })</script>`,
  'a call that asks no permission': (portal) =>
    `<script>fetch('${portal}/profile/tokens', { method: 'POST', credentials: 'include', mode: 'no-cors',
       body: new URLSearchParams({ name: 'Evil' }) })
       .catch(() => {}).finally(() => { document.title = 'tried' })</script>`,
  'a beacon': (portal) =>
    `<script>navigator.sendBeacon('${portal}/profile/tokens', new URLSearchParams({ name: 'Evil' }));
       document.title = 'tried'</script>`,
  'images and links ahead': (portal) =>
    `<link rel="prefetch" href="${portal}/profile/tokens/revoke-all">
     <img src="${portal}/logout" alt=""><img src="${portal}/profile/tokens/revoke-all" alt="">
     <script>document.title = 'tried'</script>`,
};

async function visit(page: Page, elsewhere: Elsewhere, html: string): Promise<void> {
  elsewhere.html = html;
  await page.goto(elsewhere.url, { waitUntil: 'load' });
}

test.describe('another site', { tag: '@javascript' }, () => {
  test.beforeEach(async ({ portal, announce }) => {
    announce(/foreign request: http:\/\/localhost:/);
    announce(/Failed to load resource|blocked by CORS|violates|Refused|ERR_BLOCKED|preloaded|frame/i);
    await portal.signIn();
    await portal.createUnseen('Mine');
  });

  for (const [what, html] of Object.entries(ATTACKS)) {
    test(`changes nothing by ${what}`, async ({ portal, server, elsewhere }) => {
      const { page } = portal;
      const sent = page.context().waitForEvent('request', (request) => request.url().startsWith(server.url));
      await visit(page, elsewhere, html(server.url));
      const request = await sent;
      // By then there is a response, or never will be.
      await request.response().catch(() => null);
      const own = await portal.newTab();
      await own.open('/profile');
      await expect(own.page).toHaveURL('/profile');
      await expect(own.rows).toHaveCount(1);
      await expect(own.row('Mine')).toBeVisible();
    });
  }

  test('does not log a visitor in as somebody else', async ({ portal, server, elsewhere }) => {
    const { email, password } = server.addClient('Mallory');
    const { page } = portal;
    await visit(
      page,
      elsewhere,
      `<form method="post" action="${server.url}/login"><input name="email" value="${email}">
       <input name="password" value="${password}"></form><script>document.forms[0].submit()</script>`,
    );
    await page.waitForURL(`${server.url}/login`);
    await portal.open('/profile');
    await expect(page.getByRole('main')).toContainText(portal.client.name);
  });

  test('shows no page of ours in a frame', async ({ portal, server, elsewhere }) => {
    const { page } = portal;
    await visit(page, elsewhere, `<iframe src="${server.url}/profile" title="portal"></iframe>`);
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('heading', { name: 'API Tokens' })).toHaveCount(0);
    await expect(frame.getByText('Mine')).toHaveCount(0);
  });

  test('holds no handle on a window of ours', async ({ portal, server, elsewhere }) => {
    const { page } = portal;
    const open = (what: string, url: string) => `<button onclick="window.opened = window.open('${url}')">${what}</button>`;
    await visit(page, elsewhere, open('Ours', `${server.url}/profile`) + open('Theirs', elsewhere.url));
    const isCut = () => page.evaluate(() => (window as unknown as { opened: Window }).opened.closed);
    await page.getByRole('button', { name: 'Theirs' }).click();
    expect(await isCut()).toBe(false);
    // An isolated window looks closed to its opener.
    await page.getByRole('button', { name: 'Ours' }).click();
    await expect.poll(isCut).toBe(true);
  });
});
