// better-auth with its API keys. `seed` reads clients and how many keys each is to have, and writes the keys;
// an address serves.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import Database from "better-sqlite3";

const text = { type: "string" };
const maybe = { type: "string", required: false };

function open() {
  const database = new Database(process.env.DATABASE);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = NORMAL");
  return database;
}

function options(database) {
  return {
    database,
    secret: "nothing is signed here, and it is long enough",
    baseURL: "http://127.0.0.1",
    advanced: {
      database: { generateId: "serial" },
      backgroundTasks: { handler: (promise) => promise.catch(console.error) },
    },
    user: {
      additionalFields: {
        company: maybe, phone: maybe, address1: text, address2: maybe, city: text, state: text, postcode: text,
        country: text, currency_code: text, status: text,
      },
    },
    plugins: [apiKey({ rateLimit: { enabled: false }, deferUpdates: true })],
  };
}

async function seed() {
  const database = open();
  const settings = options(database);
  await (await getMigrations(settings)).runMigrations();
  const auth = betterAuth(settings);
  const { internalAdapter } = await auth.$context;
  const { clients, each } = await json(process.stdin);
  const keys = [];
  database.exec("BEGIN");
  for (const client of clients) {
    const { id } = await internalAdapter.createUser({ ...client, emailVerified: true });
    for (let at = 0; at < each; at++) {
      keys.push((await auth.api.createApiKey({ body: { userId: id } })).key);
    }
  }
  database.exec("COMMIT");
  console.log(keys.join("\n"));
}

async function serve(address) {
  const auth = betterAuth(options(open()));
  const { internalAdapter } = await auth.$context;

  async function find(header) {
    const key = /^Bearer (.+)$/.exec(header ?? "")?.[1];
    const verified = key && (await auth.api.verifyApiKey({ body: { key } }));
    return verified?.valid ? internalAdapter.findUserById(verified.key.referenceId) : null;
  }

  const server = createServer(async (request, response) => {
    if (request.url !== "/api/v1/me") {
      return response.writeHead(404).end();
    }
    try {
      const user = await find(request.headers.authorization);
      const { emailVerified, image, createdAt, updatedAt, ...data } = user ?? {};
      const body = user ? { data: { ...data, created_at: createdAt } } : { error: "unauthorized" };
      response.writeHead(user ? 200 : 401, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
  const [host, port] = address.split(":");
  server.listen(Number(port), host);
}

if (process.argv[2] === "seed") {
  await seed();
} else if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  await serve(process.argv[2]);
}
