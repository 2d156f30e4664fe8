import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { Postgres, isOnPostgres } from './postgres.ts';

const READY = 'Opentill is ready at ';
const READY_WITHIN = 30_000;
/** How many active tokens a client may have. */
export const MAX_TOKENS = 30;
const FILE = 'opentill.db';
const PASSWORD = 'correct horse battery staple';

/** A client of the portal. */
export interface Client {
  name: string;
  email: string;
  password: string;
}

/** The client of the demo. */
export const DEMO_CLIENT = { name: 'Jane Smith', email: 'jane@example.com', password: PASSWORD };

/**
 * A server of its own: in a temporary folder, or, with `TEST_DATABASE=postgres`, on a temporary
 * PostgreSQL server. One with demo data is always in a folder.
 */
export class Server {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly database: Postgres | undefined,
    private readonly isDemo: boolean,
  ) {}

  static async start(own: NodeJS.ProcessEnv = {}, { isDemo = false } = {}): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'opentill-end2end-'));
    const database = isOnPostgres() && !isDemo ? await Postgres.start() : undefined;
    const DATABASE_URL = database?.url ?? `sqlite://${join(folder, FILE)}`;
    const settings = isDemo ? {} : { DATABASE_URL };
    const child = spawn(binary(), isDemo ? ['serve', '--demo'] : ['serve'], {
      cwd: folder,
      env: environment({ LEPTOS_SITE_ADDR: '127.0.0.1:0', ...settings, ...own }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      return new Server(await address(child), child, folder, database, isDemo);
    } catch (error) {
      child.kill('SIGKILL');
      await database?.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Adds a client with the operator's command, while the server runs. */
  addClient(name: string): Client {
    const client = { name, email: `${randomUUID()}@example.com`, password: PASSWORD };
    this.#operate(client, 'add', '--password-stdin', '--name', name);
    return client;
  }

  /** Ends the client's sessions, by setting their password. */
  endSessions(client: Client): void {
    this.#operate(client, 'set-password', '--password-stdin');
  }

  /** The path of the link that was mailed to the client last: the demo writes its mails to a folder. */
  async mailedLink(client: Client): Promise<string> {
    const folder = join(this.folder, 'opentill-demo-mail');
    const deadline = Date.now() + READY_WITHIN;
    while (Date.now() < deadline) {
      const files = existsSync(folder) ? readdirSync(folder) : [];
      const mails = files
        .filter((file) => file.endsWith('.eml'))
        .sort((a, b) => parseInt(a) - parseInt(b))
        .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('=\r\n', ''))
        .filter((mail) => mail.includes(`To: ${client.email}`));
      const link = mails.at(-1)?.match(/\/set-password\/\w+/);
      if (link) return link[0];
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error(`no link was mailed to ${client.email}`);
  }

  /** Suspends the client: they may read and revoke, but not create. */
  suspend(client: Client): void {
    this.#operate(client, 'set-status', '--status', 'suspended');
  }

  #operate(client: Client, command: string, ...options: string[]): void {
    const words = ['client', command, '--email', client.email, ...options];
    if (this.isDemo) words.push('--demo');
    this.#run(words, client.password);
  }

  /** Imports what a billing system says. */
  import(lines: object[]): void {
    this.#run(['import', '-'], lines.map((line) => JSON.stringify(line)).join('\n'));
  }

  #run(words: string[], input: string): void {
    const file = `sqlite://${join(this.folder, FILE)}`;
    const DATABASE_URL = this.database?.url ?? file;
    execFileSync(binary(), words, {
      cwd: this.folder,
      env: environment({ DATABASE_URL }),
      input,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) await ended;
    await this.database?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `OPENTILL_RELEASE_BIN`, or the newest build. */
function binary(): string {
  const here = resolve(import.meta.dirname, '..');
  const named = process.env.OPENTILL_RELEASE_BIN;
  if (named) return resolve(here, named);
  const builds = ['release', 'debug'].map((kind) => resolve(here, `../target/${kind}/opentill`));
  const builtAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return builds.sort((a, b) => builtAt(b) - builtAt(a))[0];
}

/** The environment without other settings of Opentill: `cargo leptos end-to-end` adds its own. */
function environment(settings: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(LEPTOS_|OPENTILL_|DATABASE_URL$)/.test(name),
  );
  // All tests share one IP address, but each has its own client.
  const limits = {
    OPENTILL_LOGIN_LIMIT: '20',
    OPENTILL_LOGIN_ADDRESS_LIMIT: '1000000',
    OPENTILL_CHANGE_LIMIT: '1000000',
    OPENTILL_MAX_TOKENS: String(MAX_TOKENS),
  };
  return { ...Object.fromEntries(own), OPENTILL_LOG: 'warn', ...limits, ...settings };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    const fail = (why: string) => failed(new Error(`${binary()}: ${why}`));
    const late = setTimeout(() => fail(`not ready within ${READY_WITHIN} ms`), READY_WITHIN);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with ${code} before it was ready`));
    createInterface(child.stdout!).on('line', (line) => {
      if (!line.startsWith(READY)) return;
      clearTimeout(late);
      found(line.slice(READY.length).trim());
    });
  });
}
