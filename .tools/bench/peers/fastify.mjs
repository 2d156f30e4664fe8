// Fastify and better-sqlite3, on a copy of the product's database: one prepared statement, written by hand.

import cluster from "node:cluster";
import { hash } from "node:crypto";

import Database from "better-sqlite3";
import Fastify from "fastify";

const [host, port] = process.argv[2].split(":");
if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  const database = new Database(process.env.DATABASE, { readonly: true });
  const lookUp = database.prepare(
    `SELECT c.id, c.name, c.email, c.company, c.phone, c.address1, c.address2, c.city, c.state, c.postcode,
       c.country, c.currency_code, c.status, c.created_at
     FROM tokens t JOIN clients c ON c.id = t.client_id
     WHERE t.hash = ? AND t.revoked_at IS NULL AND c.status <> 'closed'`,
  );
  const text = { type: "string" };
  const maybe = { type: "string", nullable: true };
  const client = {
    id: { type: "integer" }, name: text, email: text, company: maybe, phone: maybe, address1: text, address2: maybe,
    city: text, state: text, postcode: text, country: text, currency_code: text, status: text, created_at: text,
  };
  const schema = {
    response: { 200: { type: "object", properties: { data: { type: "object", properties: client } } } },
  };
  const app = Fastify();
  app.get("/api/v1/me", { schema }, (request, reply) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const found = token && lookUp.get(hash("sha256", token, "buffer"));
    if (!found) {
      return reply.code(401).send({ error: "unauthorized" });
    }
    found.created_at = new Date(found.created_at * 1000).toISOString();
    return reply.send({ data: found });
  });
  await app.listen({ host, port: Number(port) });
}
