import type { Page } from '@playwright/test';

import { TOKEN } from './support/portal.ts';
import { expect, test, UNUSED_PRELOAD } from './support/test.ts';

declare global {
  interface Window {
    isChanged?: boolean;
    isPlain?: boolean;
  }
}

/** What extensions, translators and proxies do to a page before it is hydrated. */
const WAYS: Record<string, () => void> = {
  'an icon after each field': () =>
    document.querySelectorAll('input').forEach((field) => field.after(document.createElement('div'))),
  'an icon with words after each field': () =>
    document.querySelectorAll('input').forEach((field) => field.insertAdjacentHTML('afterend', '<div>fill in</div>')),
  'an icon before each field': () =>
    document.querySelectorAll('input').forEach((field) => field.before(document.createElement('com-icon'))),
  'a node first in each form': () =>
    document.querySelectorAll('form').forEach((form) => form.prepend(document.createElement('com-button'))),
  'a hidden field first in each form': () =>
    document.querySelectorAll('form').forEach((form) => form.insertAdjacentHTML('afterbegin', '<input type="hidden">')),
  'a node last in each form': () =>
    document.querySelectorAll('form').forEach((form) => form.append(document.createElement('com-button'))),
  'a text first in each form': () => document.querySelectorAll('form').forEach((form) => form.prepend('Fill in: ')),
  'a box around each form': () =>
    document.querySelectorAll('form').forEach((form) => {
      const box = document.createElement('div');
      form.replaceWith(box);
      box.append(form);
    }),
  'a box around each field': () =>
    document.querySelectorAll('input').forEach((field) => {
      const box = document.createElement('span');
      field.replaceWith(box);
      box.append(field);
    }),
  'each field replaced by a copy': () =>
    document.querySelectorAll('input').forEach((field) => field.replaceWith(field.cloneNode())),
  'attributes on each field': () =>
    document.querySelectorAll('input').forEach((field) => field.setAttribute('data-gramm', 'false')),
  'each text in an element': () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all: Text[] = [];
    while (texts.nextNode()) all.push(texts.currentNode as Text);
    for (const text of all.filter(({ data }) => data.trim())) {
      const font = document.createElement('font');
      text.replaceWith(font);
      font.append(text);
    }
  },
  'the words of buttons in another language': () =>
    document.querySelectorAll('button').forEach((button) => (button.textContent = 'Weiter')),
  'the words of buttons in an element': () =>
    document.querySelectorAll('button').forEach((button) => (button.innerHTML = `<font>${button.innerHTML}</font>`)),
  'the labels in an element': () =>
    document.querySelectorAll('label').forEach((label) => (label.innerHTML = `<font>${label.innerHTML}</font>`)),
  'email addresses made links': () =>
    document.querySelectorAll('bdi').forEach((name) => (name.innerHTML = '<a class="__cf_email__">[email protected]</a>')),
  'comments taken away': () => {
    const comments = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    const all: Comment[] = [];
    while (comments.nextNode()) all.push(comments.currentNode as Comment);
    all.forEach((comment) => comment.remove());
  },
  'blank text taken away': () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all: Text[] = [];
    while (texts.nextNode()) all.push(texts.currentNode as Text);
    all.filter(({ data }) => !data.trim()).forEach((text) => text.remove());
  },
  'what is hidden taken away': () => document.querySelectorAll('[hidden]').forEach((node) => node.remove()),
  'the dialogs taken away': () => document.querySelectorAll('dialog').forEach((dialog) => dialog.remove()),
  'the titles of dialogs in an element': () =>
    document.querySelectorAll('dialog h2').forEach((title) => (title.innerHTML = `<font>${title.innerHTML}</font>`)),
  'a cell more in each row': () =>
    document.querySelectorAll('tr').forEach((row) => row.prepend(document.createElement('td'))),
  'what islands are made of taken away': () =>
    document.querySelectorAll('leptos-island').forEach((island) => island.removeAttribute('data-props')),
  'an element after each element': () =>
    document.querySelectorAll('main *').forEach((node) => node.after(document.createElement('com-mark'))),
  'nodes at the end of head and body': () => {
    document.head.append(document.createElement('meta'));
    document.body.append(document.createElement('com-mark'));
  },
};

/** Opens a page that is changed before its WebAssembly arrives; waits until it is hydrated or left plain. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settle(page);
}

async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => window.isPlain || document.documentElement.hasAttribute('data-hydrated'));
}

test.describe('a page that something else has changed before it came to life:', { tag: '@javascript' }, () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  for (const [what, way] of Object.entries(WAYS)) {
    test(`${what}: all that is done is done once and shown`, async ({ portal, announce, me }) => {
      announce(UNUSED_PRELOAD);
      announce(/goes on without WebAssembly|panicked|hydration error|unreachable/);
      const { page, client } = portal;
      const active = async () => {
        const profile = await page.request.get('/profile');
        return [...(await profile.text()).matchAll(/id="revoke-\d+"/g)].length;
      };
      await page.addInitScript(`
        const { warn } = console;
        console.warn = (...words) => { window.isPlain ||= /WebAssembly/.test(words[0]); warn(...words); };
        document.addEventListener('readystatechange', () => {
          if (document.readyState !== 'interactive') return;
          (${way})();
          window.isChanged = true;
        });
      `);
      await page.route('**/*.wasm', async (route) => {
        // The page may have been left by then.
        await page.waitForFunction(() => window.isChanged).catch(() => undefined);
        await route.continue().catch(() => undefined);
      });

      await open(page, '/login');
      const show = page.locator('button.reveal');
      if (await show.isVisible()) {
        await show.click();
        await expect(page.locator('#password')).toHaveAttribute('type', 'text');
      }
      await page.locator('#email').fill(client.email);
      await page.locator('#password').fill(client.password);
      await page.locator('form[action="/login"] [type=submit]').click();
      await page.waitForURL('/');
      await settle(page);

      await open(page, '/profile');
      await page.locator('#token-name').fill('backup@nas.example');
      await page.keyboard.press('Enter');
      await expect(portal.secret).toHaveText(TOKEN);
      const token = await portal.secret.innerText();
      expect((await me(token)).status()).toBe(200);
      expect(await active()).toBe(1);
      await settle(page);
      for (const copy of await page.locator('.slip .button.primary, .reveal-tools .button.primary').all()) {
        if (!(await copy.isVisible())) continue;
        await copy.click();
        await expect(page.locator('.said.filled')).toBeVisible();
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
      }

      await open(page, '/profile');
      await page.locator('tbody [id^="revoke-"]').click();
      const asked = page.locator('dialog[open] .danger.solid, main form[action$="/revoke"] [type=submit]:not([id])');
      await asked.click();
      await expect(page.getByText(/^Token (“.*” )?(is )?revoked\./).first()).toBeVisible();
      expect((await me(token)).status()).toBe(401);
      expect(await active()).toBe(0);

      await open(page, '/profile');
      await page.locator('#current-password').fill(client.password);
      await page.locator('#new-password').fill('another horse battery staple');
      await page.locator('form[action="/profile/password"] [type=submit]').click();
      await expect(page.getByText('Password changed.')).toBeVisible();
      await settle(page);

      await open(page, '/docs/api');
      const copy = page.locator('.code-bar button').first();
      if (await copy.isVisible()) {
        await copy.click();
        await expect(page.locator('.code-said').first()).not.toBeEmpty();
      }
      await page.locator('.account-button').click();
      await page.locator('form[action="/logout"] [type=submit]').click();
      await page.waitForURL('/login');
    });
  }

  test('what was typed stays, with the caret in it', async ({ portal, announce }) => {
    announce(/goes on without WebAssembly|panicked|hydration error|unreachable/);
    const { page } = portal;
    let arrive = () => {};
    const arrived = new Promise<void>((done) => (arrive = done));
    await page.route('**/*.wasm', async (route) => {
      await arrived;
      await route.continue();
    });
    await portal.signIn();
    await page.goto('/profile');
    await page.locator('form.create').evaluate((form) => form.prepend('Fill in: '));
    await portal.nameField.pressSequentially('My ration');
    for (let times = 0; times < 6; times += 1) await page.keyboard.press('ArrowLeft');
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    arrive();
    await warned;
    await expect(portal.nameField).toBeFocused();
    await page.keyboard.type('Integ');
    await expect(portal.nameField).toHaveValue('My Integration');
    await page.keyboard.press('Enter');
    await expect(portal.secret).toHaveText(TOKEN);
  });

  test('an island that fails keeps none of the others from coming to life', async ({ portal, announce }) => {
    announce(/goes on without WebAssembly|panicked|hydration error|unreachable/);
    const { page } = portal;
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => document.querySelector('leptos-island')!.removeAttribute('data-props'));
    });
    await portal.signIn();
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    await page.goto('/profile');
    await warned;
    await expect(portal.button('Show')).toHaveCount(2);
    await portal.button('Show').first().click();
    await expect(page.locator('#current-password')).toHaveAttribute('type', 'text');
  });

  test('a page that stops while it lives goes on plainly', async ({ portal, announce }) => {
    announce(/goes on without WebAssembly|unreachable/);
    const { page } = portal;
    await portal.openProfile();
    await portal.nameField.fill('A');
    await page.evaluate(() => {
      const error = new WebAssembly.RuntimeError('unreachable');
      dispatchEvent(new ErrorEvent('error', { error }));
    });
    await portal.button('Create Token').click();
    await page.waitForURL('/profile/tokens');
    await expect(portal.secret).toHaveText(TOKEN);
  });
});
