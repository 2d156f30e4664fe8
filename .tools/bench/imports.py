"""A row about imports."""

import json
import os
import sqlite3
import subprocess
import time

import data
from bench import PROGRAM, on_each_engine
from measure import Cluster, Failed

LINES = int(os.environ.get("IMPORT_LINES") or 1_000_000)
TABLES = ("clients", "services", "domains", "invoices")


def lines():
    """A hundredth clients, the rest services, domains and invoices of theirs."""
    clients = LINES // 100
    for n in range(clients):
        yield {"type": "client", "external_id": n, "email": f"client.{n}@example.com", "name": f"Client {n}"}
    for n in range(LINES - clients):
        row = {"external_id": n, "client": n % clients, "currency_code": "USD", "status": "active"}
        kind = n % 3
        if kind == 0:
            row |= {"type": "service", "name": f"Web {n}", "product_name": "Web Pro", "billing_cycle": "monthly"}
            row |= {"amount": "9.99", "next_due_date": "2026-12-01"}
        elif kind == 1:
            row |= {"type": "domain", "domain_name": f"d{n}.example", "amount": 1500, "expiry_date": "2027-01-01"}
        else:
            row |= {"type": "invoice", "invoice_number": f"INV-{n}", "total": "9.99", "issue_date": "2026-01-15"}
            row |= {"status": "paid", "items": [{"description": "Web Pro", "amount": "9.99"}]}
        yield row


def run(file, url):
    """Seconds of an import, and its memory in MiB."""
    began = time.monotonic()
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "OPENTILL_LOG": "warn"}
    child = subprocess.Popen([PROGRAM, "import", file], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed("the import failed")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def bare_in_file(there, path):
    """Seconds of a loop that inserts the same rows by a prepared statement, in one transaction."""
    source, connection = sqlite3.connect(there), sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = FULL")
    began = time.monotonic()
    with connection:
        for table in TABLES:
            rows = source.execute(f"SELECT * FROM {table}")
            marks = ", ".join("?" * len(rows.description))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return time.monotonic() - began


def bare_in_server(cluster, there, url, folder):
    """The same by psql, which sends one statement after the other."""
    file = os.path.join(folder, "execute.sql")
    with open(file, "w", encoding="utf-8") as out:
        out.write("BEGIN;\n")
        for table in TABLES:
            columns = cluster.psql(there, f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass "
                                          "AND attnum > 0 AND NOT attisdropped ORDER BY attnum").split()
            marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
            out.write(f"PREPARE put_{table} AS INSERT INTO {table} VALUES ({marks});\n")
            out.flush()
            texts = " || ',' || ".join(f"quote_nullable({column})" for column in columns)
            select = f"SELECT 'EXECUTE put_{table}(' || {texts} || ');' FROM {table} ORDER BY id"
            subprocess.run([*cluster.command(there), "-Atc", select], stdout=out, check=True)
        out.write("COMMIT;\n")
    began = time.monotonic()
    subprocess.run([*cluster.command(url), "-qf", file], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


@on_each_engine
def p24(bench, engine):
    """P24: an import of a million lines, beside a loop that inserts the same rows."""
    file = os.path.join(bench.folder, "import.jsonl")
    if not os.path.exists(file):
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines())
    if engine == "SQLite":
        ours, theirs = (data.Sqlite(name, 0, bench.folder) for name in ("imported", "inserted"))
    else:
        if not bench.clusters:
            bench.clusters.append(Cluster())
        ours, theirs = (data.Postgres(name, 0, bench.clusters[0]) for name in ("imported", "inserted"))
    for database in (ours, theirs):
        bench.program("migrate", url=database.url)
    seconds, memory = run(file, ours.url)
    again, _ = run(file, ours.url)
    if engine == "SQLite":
        bare = bare_in_file(ours.path, theirs.path)
    else:
        bare = bare_in_server(bench.clusters[0], ours.url, theirs.url, bench.folder)
    remark = f"{LINES / seconds:,.0f} lines a second; the same file again {LINES / again:,.0f}"
    bench.goal("P24", f"import ÷ prepared INSERTs, rate, {engine}", bare / seconds, "", 0.5, 0.7, True, remark)
    bench.goal("P24", f"memory of an import of {LINES:,} lines, {engine}", memory, "MiB", 150, 75, False)
