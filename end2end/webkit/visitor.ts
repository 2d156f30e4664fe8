import { expect } from '@playwright/test';

import type { Client } from '../support/server.ts';
import type { Session } from '../support/webdriver.ts';

/** How long to wait for what a page is to show, in milliseconds. */
const PATIENCE = { timeout: 10_000, intervals: [40] };

/** Finds what can be pressed, by its accessible name, or a field by its label. Runs in the page. */
function find(name: string): HTMLElement | null {
  const nameOf = (element: Element) => {
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const text = element.getAttribute('aria-label') ?? labels[0]?.textContent ?? element.textContent;
    return text.trim().replace(/\s+/g, ' ');
  };
  const all = document.querySelectorAll<HTMLElement>('button, a, summary, input');
  const isThere = (element: HTMLElement) =>
    element.checkVisibility({ visibilityProperty: true }) || element.matches('[type="radio"]');
  const found = [...all].find((element) => isThere(element) && nameOf(element) === name);
  // The label of a radio button is what one clicks.
  return found?.matches('[type="radio"]') ? found.closest('label') : (found ?? null);
}

/** What a client does in the portal with WebKit. */
export class Visitor {
  constructor(
    readonly session: Session,
    readonly url: string,
    readonly client: Client,
    readonly hasScripts = true,
  ) {}

  /** Waits until `holds` is true in the page; while a page is left it is not. */
  async until<A extends unknown[]>(what: string, holds: (...args: A) => unknown, ...args: A): Promise<void> {
    const poll = () => this.session.evaluate(holds, ...args).then(Boolean, () => false);
    await expect.poll(poll, { ...PATIENCE, message: what }).toBe(true);
  }

  async ready(): Promise<void> {
    const isReady = (hasScripts: boolean) =>
      document.readyState === 'complete' && (!hasScripts || document.documentElement.hasAttribute('data-hydrated'));
    await this.until('the page is hydrated', isReady, this.hasScripts);
  }

  async open(path: string): Promise<void> {
    await this.session.goto(this.url + path);
    await this.ready();
  }

  /** Waits until the page is the one at `path`. */
  async at(path: string): Promise<void> {
    await this.until(`the page is ${path}`, (path) => location.pathname === path, path);
    await this.ready();
  }

  async click(name: string, times = 1): Promise<void> {
    await this.until(`“${name}” is there`, find, name);
    await this.session.click(find, name, times);
  }

  async fill(label: string, text: string): Promise<void> {
    await this.click(label);
    await this.session.evaluate(() => (document.activeElement as HTMLInputElement).select());
    await (text ? this.session.type(text) : this.session.press('Backspace'));
  }

  press(key: string, ...held: string[]): Promise<void> {
    return this.session.press(key, ...held);
  }

  /** Waits until the page says it to screen readers. */
  async hears(text: string): Promise<void> {
    const isSaid = (text: string) =>
      [...document.querySelectorAll('[role=status], [role=alert]')].some(
        (element) => (element as HTMLElement).checkVisibility() && element.textContent!.includes(text),
      );
    await this.until(`the page says: ${text}`, isSaid, text);
  }

  /** Waits until an element with this text or label has the focus. */
  async isOn(name: string): Promise<void> {
    const isOn = (name: string) => {
      const element = document.activeElement as HTMLInputElement;
      return [element.textContent, element.ariaLabel, element.labels?.[0]?.textContent].some((text) => text?.trim() === name);
    };
    await this.until(`the focus is on “${name}”`, isOn, name);
  }

  async dialogOpens(): Promise<void> {
    await this.until('a modal dialog is open', () => document.querySelector('dialog:modal'));
    // Its transition has ended.
    await this.session.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  }

  async dialogCloses(): Promise<void> {
    await this.until('no dialog is open', () => !document.querySelector('dialog[open]'));
  }

  /** The token on show. */
  async read(): Promise<string> {
    const shown = () => document.querySelector('.secret')?.textContent?.match(/^ot_live_\w{38}$/)?.[0] ?? '';
    await this.until('a token is shown', shown);
    return this.session.evaluate(shown);
  }

  async create(name: string): Promise<string> {
    await this.fill('Token name', name);
    await this.click('Create Token');
    return this.read();
  }

  /** The names in the list of active tokens. */
  names(): Promise<string[]> {
    return this.session.evaluate(() =>
      [...document.querySelectorAll('tbody :is(button, a)')]
        .map((element) => element.getAttribute('aria-label') ?? element.textContent!)
        .filter((name) => name.startsWith('Revoke '))
        .map((name) => name.slice('Revoke '.length)),
    );
  }

  /** Whether `text` is anywhere in the document. */
  holds(text: string): Promise<boolean> {
    return this.session.evaluate((text) => document.documentElement.outerHTML.includes(text), text);
  }

  /** Logs in with a request of its own and takes the cookies over. */
  async signIn(): Promise<void> {
    const { email, password } = this.client;
    const answer = await this.post('/login', { email, password });
    expect(answer.status).toBe(303);
    await this.session.goto(`${this.url}/robots.txt`);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.#cookies.set(name, value);
      await this.session.setCookie(name, value);
    }
  }

  /** Creates tokens without showing them. */
  async createUnseen(...names: string[]): Promise<void> {
    for (const name of names) expect((await this.post('/profile/tokens', { name })).status).toBe(200);
  }

  /** Sends a form as another tab would. */
  post(path: string, fields: Record<string, string>): Promise<Response> {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    return fetch(this.url + path, {
      method: 'POST',
      headers: { cookie, origin: this.url },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  }

  #cookies = new Map<string, string>();
}
