"""A row about a client's invoices."""

import json
import os

import data
from bench import CONNECTIONS, SECONDS, cookie, on_each_engine
from measure import Failed, Line, Load, bearer, raw
from report import number

INVOICES = 10_000
COLUMNS = (
    "source", "status", "currency_code", "title", "amount", "owed", "issued_on", "due_on", "expires_on", "search",
    "data", "created_at", "updated_at", "deleted",
)
LINES = (
    {"type": "client", "external_id": "model", "email": "model@example.com", "name": "Model"},
    {
        "type": "invoice", "external_id": "model", "client": "model", "currency_code": "USD", "status": "paid",
        "invoice_number": "INV-1", "issue_date": "2026-01-15", "due_date": "2026-01-29", "total": "23.79",
        "subtotal": "19.99", "tax": "3.80", "items": [
            {"description": "Web Pro, January 2026", "quantity": "1", "amount": "9.99"},
            {"description": "Backups Frankfurt", "quantity": "2", "amount": "10.00"},
        ],
    },
)


def issue(bench, database):
    """Imports one invoice, and gives the first client copies of it."""
    file = os.path.join(bench.folder, "model.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in LINES)
    bench.program("import", file, url=database.url)
    columns = ", ".join(COLUMNS)
    copied = ", ".join(f"i.{column}" for column in COLUMNS)
    database.execute(
        f"INSERT INTO invoices (client_id, external_id, {columns}) SELECT 1, 'copy ' || n, {copied} "
        f"FROM invoices i, {database.numbers(1, INVOICES)} WHERE i.external_id = 'model'"
    )
    database.settle()
    return database.ask("SELECT max(id) FROM invoices")[0][0]


@on_each_engine
def p19(bench, engine):
    """P19: a client's invoices."""
    database = bench.database(engine, 10_000, "invoices")
    last = issue(bench, database)
    product, bare, tokens = bench.product(database), bench.bare(database), database.sample[: data.EACH]
    tag = etag(product, "/api/v1/invoices?per_page=15", tokens[0])
    mine = cookie(database.log_in_all(1)[1])

    def load(path, headers, expect=200, connections=CONNECTIONS):
        requests = bench.write_requests([raw("GET", path, product.host, headers)])
        return Load(product, requests, connections, SECONDS, expect)

    players = {"/api/v1/me": bench.me(database)}
    paths = {"15": "/invoices?per_page=15", "100": "/invoices?per_page=100", "one": f"/invoices/{last}"}
    for name, path in paths.items():
        players[name] = bench.load(product, f"/api/v1{path}", tokens)
        players[f"{name}, by hand"] = bench.load(bare, path, tokens)
    players["304"] = load("/api/v1/invoices?per_page=15", bearer(tokens[0]) | {"If-None-Match": tag}, 304)
    players["CSV"] = load("/api/v1/invoices", bearer(tokens[0]) | {"Accept": "text/csv"}, connections=2)
    players["Overview"], players["page"] = load("/", mine), load(f"/invoices/{last}", mine)
    series = bench.turns(f"{engine}, {INVOICES:,} invoices of a client", "/api/v1/me", players)
    for name, what in (("15", "list of 15"), ("100", "list of 100"), ("one", "one invoice")):
        value = series.ratio(name, "rate", f"{name}, by hand")
        bench.goal("P19", f"{what} ÷ by hand, rate, {engine}", value, "", 0.5, 0.7, True)
    bench.goal("P19", f"304 ÷ /api/v1/me, rate, {engine}", series.ratio("304", "rate"), "", 0.7, 0.9, True)
    for name, what in (("CSV", f"CSV of {INVOICES:,}"), ("Overview", "Overview"), ("page", "page of an invoice")):
        remark = f"{number(series.median(name, 'rate'))} a second"
        value = series.ratio(name, "rate")
        bench.goal("P19", f"{what} ÷ /api/v1/me, rate, {engine}", value, "", None, None, True, remark)
    bench.stop("product", "bare")


def etag(server, path, token):
    answer = Line(server).answer_of(raw("GET", path, server.host, bearer(token)))
    for line in answer.split(b"\r\n\r\n")[0].decode().split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "etag":
            return value
    raise Failed(f"{path} has no ETag")
