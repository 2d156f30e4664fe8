import { type Locator, type Page, expect } from '@playwright/test';

import { sideways } from './layout.ts';
import type { Client } from './server.ts';

/** A complete token. */
export const TOKEN = /^ot_live_[0-9A-Za-z]{38}$/;

/** What a client does in the portal, with or without JavaScript. */
export class Portal {
  constructor(
    readonly page: Page,
    readonly client: Client,
    readonly hasScripts: boolean,
  ) {}

  /** The same client in another tab. */
  async newTab(): Promise<Portal> {
    return new Portal(await this.page.context().newPage(), this.client, this.hasScripts);
  }

  /** The same client without `boot.js`: scripts of tests run, those of pages do not. */
  async withoutBoot(): Promise<Portal> {
    await this.page.route('**/boot*.js', (route) => route.abort());
    return new Portal(this.page, this.client, false);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  /** Follows a link or presses a button that leads to `path`. */
  async follow(what: Locator, path: string): Promise<void> {
    await what.click();
    await this.page.waitForURL(path);
    await this.ready();
  }

  /** Opens the page of a token in the list. */
  async followToken(name: string): Promise<void> {
    await this.rows.getByRole('link', { name, exact: true }).click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
    await this.ready();
  }

  /** Waits until the page is hydrated, if it can be. */
  async ready(): Promise<void> {
    if (this.hasScripts) await expect(this.page.locator('html[data-hydrated]')).toBeAttached();
  }

  /** Fills in the login form and sends it. */
  async logIn(password = this.client.password): Promise<void> {
    await this.page.getByLabel('Email').fill(this.client.email);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Log in').click();
  }

  /** Logs in without the login page. */
  async signIn(): Promise<void> {
    const { email, password } = this.client;
    const answer = await this.page.request.post('/login', {
      form: { email, password },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(303);
  }

  /** Logs in and opens the Profile page. */
  async openProfile(): Promise<void> {
    await this.signIn();
    await this.open('/profile');
  }

  /** Submits the form for a token. */
  async submit(name: string): Promise<void> {
    await this.nameField.fill(name);
    await this.button('Create Token').click();
  }

  /** Creates a token and returns it. */
  async create(name: string): Promise<string> {
    await this.submit(name);
    return this.read();
  }

  /** The token in the dialog, or on the page without JavaScript. */
  async read(): Promise<string> {
    await expect(this.secret).toHaveText(TOKEN);
    return this.secret.innerText();
  }

  /** Copies the token in the dialog by its button. */
  async copy(): Promise<void> {
    await this.button('Copy token').click();
    await expect(this.said('Token copied to clipboard.')).toBeVisible();
  }

  /** Closes the dialog, or leaves the page, without copying the token. */
  async leaveReveal(): Promise<void> {
    if (await this.dialog.isVisible()) {
      await this.button('Done').click();
      await this.button('Close without copying').click();
      await expect(this.said("was created, but you didn't copy it.")).toBeVisible();
      await expect(this.dialog).toBeHidden();
    } else {
      const back = this.page.getByRole('link', { name: "I've saved it" });
      await this.follow(back, '/profile#api-tokens');
    }
  }

  /** Creates tokens without showing them. */
  async createUnseen(...names: string[]): Promise<void> {
    for (const name of names) {
      const answer = await this.page.request.post('/profile/tokens', { form: { name } });
      expect(answer.status()).toBe(200);
    }
  }

  /** Chooses a radio button. */
  async choose(title: string): Promise<void> {
    // The documentation has several groups, which follow each other.
    await this.page.getByRole('radio', { name: title, exact: true }).first().check();
  }

  async copySelection(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+C');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.button(`Revoke ${name}`) });
  }

  get rows(): Locator {
    const table = this.page.getByRole('table', { name: 'Active API tokens' });
    return table.getByRole('row').filter({ has: this.page.getByRole('rowheader') });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  get secret(): Locator {
    return this.page.getByRole('textbox', { name: 'Your new token' });
  }

  get nameField(): Locator {
    return this.page.getByLabel('Token name');
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  /** Status messages with this text. */
  said(text: string | RegExp): Locator {
    return this.page.getByRole('status').filter({ hasText: text });
  }
}

/** Holds POST requests to `path` until they are released, and counts them. */
export async function hold(page: Page, path: string) {
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  const held = { requests: 0, release };
  await page.route(path, async (route) => {
    if (route.request().method() === 'POST') {
      held.requests += 1;
      await released;
    }
    await route.continue();
  });
  return held;
}

/** The places in the page and the browser's storage that contain `secret`. */
export async function traces(page: Page, secret: string): Promise<string[]> {
  // Without prefix and checksum.
  const needle = secret.slice('ot_live_'.length, -6);
  const cookies = await page.context().cookies();
  const places: Record<string, unknown> = await page.evaluate(async () => {
    const cached = await Promise.all((await caches.keys()).map((key) => caches.open(key)));
    const fields = document.querySelectorAll<HTMLInputElement>('input, textarea, select, output');
    return {
      document: document.documentElement.outerHTML,
      fields: [...fields].map((field) => field.value),
      addresses: [location.href, document.referrer, window.name, document.title],
      history: history.state,
      storage: [{ ...localStorage }, { ...sessionStorage }, document.cookie],
      caches: await Promise.all(cached.map(async (c) => (await c.keys()).map(({ url }) => url))),
      databases: await indexedDB.databases(),
      requests: performance.getEntries().map(({ name }) => name),
      selection: String(getSelection()),
    };
  });
  const found = Object.entries({ ...places, cookies }).filter(([, value]) =>
    JSON.stringify(value ?? null).includes(needle),
  );
  return found.map(([place]) => place);
}

/** By how many pixels the page or an open dialog scrolls horizontally. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(sideways);
}

/** The focused element, if it is not visible or has no focus ring. */
export function hiddenFocus(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    // The middle of its part within the viewport.
    const middle = (from: number, to: number, end: number) =>
      (Math.max(from, 0) + Math.min(to, end)) / 2;
    const top = document.elementFromPoint(
      middle(box.left, box.right, innerWidth),
      middle(box.top, box.bottom, innerHeight),
    );
    const isOnTop = top !== null && (element.contains(top) || top.contains(element));
    // The focus ring of a radio button is around its label.
    const ring = element.matches('[type="radio"]') ? element.parentElement! : element;
    const hasRing = getComputedStyle(ring).outlineStyle !== 'none';
    return isOnTop && hasRing ? null : element.outerHTML;
  });
}
