"""Databases with so many tokens, written with SQL and not through the product."""

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import time
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TABLE = bytes(ord(BASE62[byte % 62]) for byte in range(256))
EACH = 10  # tokens of a client
SAMPLE = 10_000  # tokens that requests are made with, of however many there are
EMAIL = "jane.1@example.com"
PASSWORD = "nine kettles under a borrowed awning"
CHANGE = "UPDATE clients SET city = city WHERE id = 1"
PAUSE = 0.05  # seconds between two of them
# As in the JSON text of the bare server.
COLUMNS = {
    "name": "Jane Smith",
    "company": "Acme Hosting Ltd",
    "address1": "500 Congress Avenue",
    "city": "Austin",
    "state": "TX",
    "postcode": "78701",
}
PARTY = {"name": "", "address1": "", "city": "", "state": "", "postcode": ""}


def base62(length, source=random):
    return source.randbytes(length).translate(TABLE).decode()


def new_token(source=random):
    """A token of the product's form: src/server/token_secret.rs."""
    body = "ot_live_" + base62(32, source)
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return body + digits


def sha256(text):
    return hashlib.sha256(text.encode()).digest()


class Database:
    """One database of the product, with `count` tokens. `sample` are some of them, to ask with."""

    def __init__(self, name, count, url):
        self.name, self.count, self.url = name, count, url
        self.clients = max(1, count // EACH)
        self.sample = []

    def seed(self, program):
        """Brings the schema up to date, adds a client as an operator does, and the rest with SQL."""
        flags = [f"--{name}={value}" for name, value in COLUMNS.items()]
        program("migrate", url=self.url)
        program("client", "add", "--email", EMAIL, "--password-stdin", *flags, url=self.url, said=PASSWORD)
        self.insert_clients()
        self.insert("tokens", ("id", "client_id", "name", "name_key", "hash", "last_four", "created_at"), self.tokens())
        self.settle()

    def change_while(self, goes_on):
        """Commits something again and again, as another program does."""
        while goes_on():
            self.execute(CHANGE)
            time.sleep(PAUSE)

    def insert_clients(self):
        # Fifty of them have the password of the first, to log in at the same time.
        names = ", ".join(COLUMNS)
        for first, last, password in ((2, 51, "password_hash"), (52, self.clients, "NULL")):
            email = "'jane.' || n || '@example.com'"
            self.execute(
                f"INSERT INTO clients (id, email, email_key, {names}, country, currency_code, status, password_hash, "
                f"created_at) SELECT n, {email}, {email}, {names}, country, currency_code, status, {password}, "
                f"created_at FROM clients, {self.numbers(first, min(last, self.clients))} WHERE id = 1"
            )
        self.execute(*self.next_ids("clients"))

    def tokens(self):
        created_at = int(time.time())
        every = max(1, self.count // SAMPLE)
        for at in range(self.count):
            token = new_token()
            if at % every == 0:
                self.sample.append(token)
            name = f"integration {at % EACH + 1}"
            yield at + 1, at // EACH + 1, name.capitalize(), name, sha256(token), token[-4:], created_at

    def log_in_all(self, clients=1_000):
        """Sessions, as if clients had just logged in: the cookies by the clients' numbers."""
        now = int(time.time())
        cookies = {client: base62(43) for client in range(1, min(clients, self.clients) + 1)}
        self.insert(
            "sessions",
            ("id_hash", "client_id", "user_agent", "created_at", "last_seen_at"),
            ((sha256(cookie), client, "bench", now, now) for client, cookie in cookies.items()),
        )
        return cookies

    def record_activity(self, count, client=1):
        """More lines of a client's activity."""
        now = int(time.time())
        rows = ((client, now - at, "logged_in", "client", f"10.0.{at % 200}.1", "bench") for at in range(count, 0, -1))
        self.insert("activity", ("client_id", "at", "event", "who", "address", "user_agent"), rows)

    def add_invoices(self, count, client=1):
        """As an import leaves them, for lists to be read."""
        now = int(time.time())
        about = {
            "type": "invoice", "status": "unpaid", "currency_code": "USD", "subtotal": 999, "discount": 0, "tax": 0,
            "total": 999, "credit_applied": 0, "amount_paid": 0, "issue_date": "2026-01-15", "due_date": "2026-01-29",
            "items": [{"description": "Web Pro", "quantity": "1", "amount": 999, "tax": 0}],
            "taxes": [], "payments": [], "seller": PARTY, "buyer": PARTY,
        }
        rows = (
            (
                client, "default", at, "unpaid", "USD", f"inv-{at}", 999, 999, "2026-01-15", "2026-01-29", f"inv-{at}",
                json.dumps({"invoice_number": f"INV-{at}", **about}), now + at // 3, now + at // 3, 0,
            )
            for at in range(count)
        )
        columns = (
            "client_id", "source", "external_id", "status", "currency_code", "title", "amount", "owed", "issued_on",
            "due_on", "search", "data", "created_at", "updated_at", "deleted",
        )
        self.insert("invoices", columns, rows)
        self.settle()

    def spare_tokens(self, count, clients=1_000):
        """More tokens, to be revoked: pairs of a token's number and its client's."""
        now, mark = int(time.time()), base62(8)
        clients = min(clients, self.clients)
        rows = (
            (at % clients + 1, f"Spare {mark} {at}", f"spare {mark} {at}".lower(), os.urandom(32), "0000", now)
            for at in range(count)
        )
        self.insert("tokens", ("client_id", "name", "name_key", "hash", "last_four", "created_at"), rows)
        return self.ask(f"SELECT id, client_id FROM tokens WHERE name LIKE 'Spare {mark} %' ORDER BY id")


class Sqlite(Database):
    engine = "SQLite"
    cluster = None

    def __init__(self, name, count, folder):
        self.path = os.path.join(folder, f"{name}.db")
        super().__init__(name, count, f"sqlite://{self.path}")

    def connect(self):
        connection = sqlite3.connect(self.path, timeout=30)
        connection.execute("PRAGMA cache_size = -400000")
        return connection

    def execute(self, *statements):
        connection = self.connect()
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def ask(self, statement):
        connection = self.connect()
        rows = connection.execute(statement).fetchall()
        connection.close()
        return rows

    def insert(self, table, columns, rows):
        connection = self.connect()
        # What is seeded is in the file before the server starts; nobody cares for it before that.
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        connection.close()

    def numbers(self, first, last):
        return (
            f"(WITH RECURSIVE s(n) AS (SELECT {first} WHERE {first} <= {last} "
            f"UNION ALL SELECT n + 1 FROM s WHERE n < {last}) SELECT n FROM s) AS s"
        )

    def next_ids(self, _table):
        return ()

    def settle(self):
        connection = self.connect()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        subprocess.run(["sync", self.path], check=True)

    def tidies_up(self, _does):
        """Nothing is done here by itself."""

    def writes(self):
        """Transactions that have changed the file: `iChange` of https://sqlite.org/walformat.html#shm."""
        with open(self.path + "-shm", "rb") as file:
            return int.from_bytes(file.read(12)[8:], "little")


class Postgres(Database):
    engine = "PostgreSQL"

    def __init__(self, name, count, cluster):
        self.cluster = cluster
        own = f"bench_{name.lower()}"
        cluster.psql(cluster.url, f"CREATE DATABASE {own}")
        super().__init__(name, count, cluster.url.rsplit("/", 1)[0] + f"/{own}")

    def execute(self, *statements):
        for statement in statements:
            self.cluster.psql(self.url, statement)

    def ask(self, statement):
        said = self.cluster.psql(self.url, statement)
        return [tuple(int(field) for field in line.split("|")) for line in said.splitlines()]

    def insert(self, table, columns, rows):
        command = [*self.cluster.command(self.url), "-c", f"COPY {table} ({', '.join(columns)}) FROM STDIN"]
        psql = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        for row in rows:
            fields = ("\\\\x" + field.hex() if isinstance(field, bytes) else str(field) for field in row)
            psql.stdin.write("\t".join(fields) + "\n")
        psql.stdin.close()
        if psql.wait() != 0:
            raise RuntimeError(f"COPY into {table} failed")
        if "id" in columns:
            self.execute(*self.next_ids(table))

    def numbers(self, first, last):
        return f"generate_series({first}, {last}) AS s(n)"

    def next_ids(self, table):
        return (f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}",)

    def change_while(self, goes_on):
        psql = subprocess.Popen(
            self.cluster.command(self.url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        psql.stdin.write(f"{CHANGE} \\watch {PAUSE}\n")
        psql.stdin.flush()
        while goes_on():
            time.sleep(PAUSE)
        if psql.poll() is not None:
            raise RuntimeError("psql has not committed all the time")
        psql.kill()
        psql.wait()

    def settle(self):
        # Or PostgreSQL does it while something is measured.
        self.execute("VACUUM ANALYZE", "CHECKPOINT")

    def tidies_up(self, does):
        """Whether PostgreSQL vacuums and analyses by itself, in transactions of its own."""
        self.execute(f"ALTER SYSTEM SET autovacuum = {'on' if does else 'off'}", "SELECT pg_reload_conf()")
        time.sleep(1)

    def writes(self):
        """Transactions of the whole server that have changed something, by their numbers."""
        return self.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")[0][0]
