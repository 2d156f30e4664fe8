import type { Page } from '@playwright/test';

import { expect, test } from './support/test.ts';

/** A site of somebody else. No request ever reaches a network: the browser is answered by the test. */
const ELSEWHERE = 'http://elsewhere.example/';

/** What a page of another site tries, with the portal's address. */
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

async function visit(page: Page, html: string): Promise<void> {
  await page.context().route(`${ELSEWHERE}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!DOCTYPE html><title>untried</title>${html}` }),
  );
  await page.goto(ELSEWHERE, { waitUntil: 'load' });
}

test.describe('another site', { tag: '@javascript' }, () => {
  test.beforeEach(async ({ portal, announce }) => {
    announce(/foreign request: http:\/\/elsewhere\.example\//);
    announce(/Failed to load resource|blocked by CORS|violates|Refused|ERR_BLOCKED|preloaded|frame/i);
    await portal.signIn();
    await portal.createUnseen('Mine');
  });

  for (const [what, html] of Object.entries(ATTACKS)) {
    test(`changes nothing by ${what}`, async ({ portal, server }) => {
      const { page } = portal;
      const sent = page.context().waitForEvent('request', ({ url }) => url().startsWith(server.url));
      await visit(page, html(server.url));
      const request = await sent;
      // By then it is answered, or will never be.
      await request.response().catch(() => null);
      const own = await portal.newTab();
      await own.open('/profile');
      await expect(own.page).toHaveURL('/profile');
      await expect(own.rows).toHaveCount(1);
      await expect(own.row('Mine')).toBeVisible();
    });
  }

  test('does not log a visitor in as somebody else', async ({ portal, server }) => {
    const { email, password } = server.addClient('Mallory');
    const { page } = portal;
    await visit(
      page,
      `<form method="post" action="${server.url}/login"><input name="email" value="${email}">
       <input name="password" value="${password}"></form><script>document.forms[0].submit()</script>`,
    );
    await page.waitForURL(`${server.url}/login`);
    await portal.open('/profile');
    await expect(page.getByRole('main')).toContainText(portal.client.name);
  });

  test('shows no page of ours in a frame', async ({ portal, server }) => {
    const { page } = portal;
    await visit(page, `<iframe src="${server.url}/profile" title="portal"></iframe>`);
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('heading', { name: 'API Tokens' })).toHaveCount(0);
    await expect(frame.getByText('Mine')).toHaveCount(0);
  });

  test('holds no handle on a window of ours', async ({ portal, server }) => {
    const { page } = portal;
    await visit(page, `<button onclick="window.ours = open('${server.url}/profile')">Open</button>`);
    const opened = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Open' }).click();
    await (await opened).waitForLoadState();
    expect(await page.evaluate(() => (window as unknown as { ours: Window }).ours.closed)).toBe(true);
  });
});
