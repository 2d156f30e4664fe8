import { Relay, freePort } from './relay.ts';
import { Server } from './server.ts';

/** A server, and in front of it the relay that browsers reach it by. */
export async function behindRelay() {
  const port = await freePort();
  const relay = await Relay.start(port);
  const server = await Server.start({
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    OPENTILL_PUBLIC_URL: relay.url,
  });
  const stop = async () => {
    await relay.stop();
    await server.stop();
  };
  return { server, relay, stop };
}
