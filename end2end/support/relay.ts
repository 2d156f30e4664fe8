import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** How a connection ends: by FIN or by RST. */
export const CUTS = ['FIN', 'RST'] as const;
export type Cut = (typeof CUTS)[number];

interface Loss {
  path: string;
  how: Cut;
}

/**
 * A TCP relay that can lose a response: the server handles the request, and then the connection is closed
 * before any byte of the response. A browser that has used the connection before repeats the request by
 * itself, which Playwright's interception cannot show.
 */
export class Relay {
  /** Number of POST requests by path. */
  readonly posts = new Map<string, number>();
  #loss: Loss | undefined;
  #sockets = new Set<Socket>();

  private constructor(private readonly listener: Server) {}

  /** To a server on `port` of this machine. */
  static async start(port: number): Promise<Relay> {
    const listener = createServer();
    const relay = new Relay(listener);
    listener.on('connection', (browser) => relay.#carry(browser, port));
    await listening(listener);
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Loses the next response to a POST to `path`. */
  lose(path: string, how: Cut): void {
    this.posts.delete(path);
    this.#loss = { path, how };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.listener.close(closed));
  }

  #carry(browser: Socket, port: number): void {
    const server = connect(port, '127.0.0.1');
    let cut: Cut | undefined;
    browser.on('data', (bytes) => {
      const [, path] = /^POST (\S+) HTTP\/1\.1\r\n/.exec(bytes.toString('latin1')) ?? [];
      if (path) this.posts.set(path, (this.posts.get(path) ?? 0) + 1);
      if (path && path === this.#loss?.path) {
        cut = this.#loss.how;
        this.#loss = undefined;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (cut === 'RST') browser.resetAndDestroy();
      else if (cut === 'FIN') browser.destroy();
      else browser.write(bytes);
    });
    for (const [one, other] of [[browser, server], [server, browser]]) {
      this.#sockets.add(one);
      // If one end closes, so does the other.
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.end();
      });
    }
  }
}

/** A free port. */
export async function freePort(): Promise<number> {
  const listener = createServer();
  await listening(listener);
  const { port } = listener.address() as AddressInfo;
  await new Promise((closed) => listener.close(closed));
  return port;
}

function listening(listener: Server): Promise<void> {
  return new Promise((done) => listener.listen(0, '127.0.0.1', done));
}
