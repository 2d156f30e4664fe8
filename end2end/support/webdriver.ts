import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from './relay.ts';

/** MiniBrowser's own buttons would keep its window wider than 447 px. */
const NARROW = `* { min-width: 0; padding: 0; margin: 0 } entry { font-size: 1px }`;

/** A screen of its own, on which the window with the focus is the one that a test has opened last. */
async function startScreen(): Promise<[ChildProcess, string]> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1100x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((found, failed) => {
    screen.once('error', failed);
    screen.once('exit', () => failed(new Error('Xvfb has ended')));
    screen.stdio[3]!.once('data', (number) => found(`:${String(number).trim()}`));
  });
  return [screen, display];
}

/** Debian's WebKitGTK by WebDriver (https://www.w3.org/TR/webdriver2/); Playwright drives only builds of its own. */
export class WebDriver {
  #url = '';
  #driver: ChildProcess | undefined;

  private constructor(
    private readonly screen: ChildProcess,
    private readonly display: string,
    private readonly folder: string,
  ) {}

  static async start(): Promise<WebDriver> {
    const folder = mkdtempSync(join(tmpdir(), 'opentill-webkit-'));
    mkdirSync(join(folder, 'gtk-3.0'));
    writeFileSync(join(folder, 'gtk-3.0/gtk.css'), NARROW);
    const self = new WebDriver(...(await startScreen()), folder);
    await self.#startDriver();
    return self;
  }

  async #startDriver(): Promise<void> {
    const port = await freePort();
    const { display: DISPLAY, folder } = this;
    this.#driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      env: { ...process.env, DISPLAY, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
      stdio: 'ignore',
    });
    this.#url = `http://127.0.0.1:${port}`;
    for (let tries = 100; ; tries -= 1) {
      const isReady = await fetch(`${this.#url}/status`).then(({ ok }) => ok, () => false);
      if (isReady) return;
      if (!tries) throw new Error('WebKitWebDriver does not start');
      await sleep(50);
    }
  }

  /** Opens a window without cookies and cache. `options` are MiniBrowser's. */
  async open(...options: string[]): Promise<Session> {
    const args = ['--automation', ...options];
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { args } } };
    const open = () =>
      this.#send<{ sessionId: string }>('POST', '/session', { capabilities }, AbortSignal.timeout(20_000));
    // On a very busy machine the browser sometimes does not come up, and the driver waits for it.
    const { sessionId } = await open().catch(async () => {
      await end(this.#driver!);
      await this.#startDriver();
      return open();
    });
    return new Session((method, path, body) => this.#send(method, `/session/${sessionId}${path}`, body));
  }

  async #send<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(this.#url + path, { method, body: body && JSON.stringify(body), signal });
    const { value } = (await answer.json()) as { value: T & { error: string; message: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async stop(): Promise<void> {
    for (const process of [this.#driver!, this.screen]) await end(process);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function end(process: ChildProcess): Promise<void> {
  const ended = new Promise((done) => process.once('exit', done));
  if (process.exitCode === null && process.kill()) await ended;
}

/** The key by which WebDriver knows an element. */
/** Pixels that a window may be larger than its page, in each direction. */
const LARGEST_FRAME = 200;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const KEYS: Record<string, string> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
};

type Send = (method: string, path: string, body?: object) => Promise<unknown>;

/** One window. */
export class Session {
  constructor(private readonly send: Send) {}

  goto(url: string): Promise<unknown> {
    return this.send('POST', '/url', { url });
  }

  reload(): Promise<unknown> {
    return this.send('POST', '/refresh', {});
  }

  back(): Promise<unknown> {
    return this.send('POST', '/back', {});
  }

  setCookie(name: string, value: string): Promise<unknown> {
    return this.send('POST', '/cookie', { cookie: { name, value, path: '/', httpOnly: true } });
  }

  /** Runs `what` in the page, which may return a promise. */
  async evaluate<T, A extends unknown[]>(what: (...args: A) => T, ...args: A): Promise<Awaited<T>> {
    const script = `const done = arguments[arguments.length - 1], args = [...arguments].slice(0, -1);
      Promise.resolve().then(() => (${what})(...args))
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await this.send('POST', '/execute/async', { script, args });
    const { value, error } = answer as { value: Awaited<T>; error?: string };
    if (error) throw new Error(error);
    return value;
  }

  /** Clicks, like a mouse, on the element that `find` returns in the page. */
  async click(find: (what: string) => Element | null, what: string, times = 1): Promise<void> {
    // The driver itself scrolls to just below the window, and then finds nothing there.
    const script = `const element = (${find})(arguments[0]);
      const box = element?.getBoundingClientRect();
      if (box && (box.top < 0 || box.bottom > innerHeight)) element.scrollIntoView({ block: 'center', behavior: 'instant' });
      return element;`;
    const found = await this.send('POST', '/execute/sync', { script, args: [what] });
    if (!found) throw new Error(`not found: ${what}`);
    const origin = { [ELEMENT]: (found as Record<string, string>)[ELEMENT] };
    const press = ['pointerDown', 'pointerUp'].map((type) => ({ type, button: 0 }));
    const actions = [{ type: 'pointerMove', origin, x: 0, y: 0 }, ...Array.from({ length: times }, () => press).flat()];
    await this.send('POST', '/actions', { actions: [{ type: 'pointer', id: 'mouse', actions }] });
  }

  async type(text: string): Promise<void> {
    await this.keys([...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]));
  }

  /** Presses a key while others are held. */
  async press(key: string, ...held: string[]): Promise<void> {
    const values = [...held, key].map((name) => KEYS[name] ?? name);
    const up = values.toReversed().map((value) => ({ type: 'keyUp', value }));
    await this.keys([...values.map((value) => ({ type: 'keyDown', value })), ...up]);
  }

  private keys(actions: object[]): Promise<unknown> {
    return this.send('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Gives the page this size. How much larger its window has to be is known only afterwards. */
  async resize(width: number, height: number): Promise<void> {
    await this.send('POST', '/window/rect', { width, height });
    const inner = await this.innerSize(width, height);
    await this.send('POST', '/window/rect', { width: 2 * width - inner[0], height: 2 * height - inner[1] });
  }

  /** The size of the page in a window of this size. The page hears of a new size a moment later. */
  private async innerSize(width: number, height: number): Promise<[number, number]> {
    const isOf = (window: number, inner: number) => inner <= window && inner > window - LARGEST_FRAME;
    for (let tries = 0; tries < 250; tries += 1) {
      const [innerWide, innerHigh] = await this.evaluate(() => [innerWidth, innerHeight]);
      if (isOf(width, innerWide) && isOf(height, innerHigh)) return [innerWide, innerHigh];
      await sleep(20);
    }
    throw new Error(`the page does not hear that its window is ${width} by ${height}`);
  }

  async screenshot(path: string): Promise<void> {
    // Otherwise it shows what was painted before.
    await this.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150)))));
    writeFileSync(path, Buffer.from((await this.send('GET', '/screenshot')) as string, 'base64'));
  }

  async close(): Promise<void> {
    await this.send('DELETE', '');
  }
}
