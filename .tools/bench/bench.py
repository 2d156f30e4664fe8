"""The servers, databases and loads that the rows measure, and the figures that they report."""

import functools
import itertools
import os
import subprocess
import time
import urllib.parse

import data
import measure
import report
from measure import Failed, Line, Load, bearer, raw
from report import Goal

SECONDS = int(os.environ.get("RUN_SECONDS") or 3)
PAIRS = int(os.environ.get("PAIRS") or 5)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 64)
PROGRAM = os.environ.get("OPENTILL_RELEASE_BIN", "")
BARE = os.environ.get("BENCH_BARE_BIN") or os.path.join(os.path.dirname(PROGRAM), "opentill-bench-bare")
# A round counts if others used less than this of the CPU.
LIMIT = 0.08
# Load from one address would run into the limits at once. All else is as it is where nobody sets it.
RAISED = {
    "OPENTILL_TOKEN_LIMIT": "60000000",
    "OPENTILL_BAD_TOKEN_LIMIT": "60000000",
    "OPENTILL_LOGIN_LIMIT": "60000000",
    "OPENTILL_LOGIN_ADDRESS_LIMIT": "60000000",
    "OPENTILL_LOGIN_ACCOUNT_LIMIT": "60000000",
    "OPENTILL_CHANGE_LIMIT": "60000000",
    "OPENTILL_ADDRESS_CONNECTIONS": "100000",
    "OPENTILL_MAX_TOKENS": "10000",
}
SIZES = {10: "10", 10_000: "10k", 100_000: "100k", 1_000_000: "1M"}


class Bench:
    """All that was started and made, and what was found out."""

    def __init__(self, folder):
        self.folder = folder
        self.databases, self.servers, self.clusters = {}, {}, []
        self.goals, self.groups, self.failed = [], [], []
        self.disturbed = 0
        self.files = 0

    # --- What there is to measure -----------------------------------------------------

    def program(self, *arguments, url, said=""):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "OPENTILL_LOG": "warn"}
        done = subprocess.run(
            [PROGRAM, *arguments], input=said + "\n", env=environment, capture_output=True, text=True, check=False,
            timeout=120,
        )
        if done.returncode != 0:
            raise Failed(f"opentill {arguments[0]}: {done.stderr.strip()}")

    def database(self, engine, count, name=None):
        """The database of an engine with so many tokens; with a name, one apart from the others."""
        name = name or SIZES[count]
        key = engine, name
        if key not in self.databases:
            began = time.monotonic()
            print(f"Making {engine} with {count:,} tokens", end="", flush=True)
            if engine == "SQLite":
                database = data.Sqlite(name, count, self.folder)
            else:
                if not self.clusters:
                    self.clusters.append(measure.Cluster())
                database = data.Postgres(name, count, self.clusters[0])
            database.seed(self.program)
            print(f": {time.monotonic() - began:.0f} s", flush=True)
            self.databases[key] = database
        return self.databases[key]

    def product(self, database):
        """The product, serving a database."""
        key = "product", database.url
        if key not in self.servers:
            self.start_product(database).wait_until("/readyz")
        return self.servers[key]

    def start_product(self, database, settings=None):
        server = measure.Server(
            f"product-{database.engine}-{database.name}", [PROGRAM, "serve"], self.folder,
            {"DATABASE_URL": database.url, **(settings or RAISED)}, database.cluster,
        )
        self.servers["product", database.url] = server
        return server

    def bare(self, database=None, answer=None):
        """The bare server, with a database or none, and with an answer of the product or none."""
        url = database and database.url
        key = "bare", url, answer
        if key not in self.servers:
            server = measure.Server(
                f"bare-{'answer' if answer else 'select' if url else 'static'}",
                [BARE, "HOST"] + ([url] if url else []), self.folder,
                {"BENCH_ANSWER": answer} if answer else None, database and database.cluster,
            )
            self.servers[key] = server
            server.wait_until("/static")
        return self.servers[key]

    def stop(self, *kinds):
        """Stops the servers of these kinds: what is not needed is not there to be measured."""
        for key in [key for key in self.servers if key[0] in kinds]:
            self.servers.pop(key).stop()

    def stop_all(self):
        self.stop("product", "bare", "peer")
        for cluster in self.clusters:
            cluster.stop()

    # --- Loads ------------------------------------------------------------------------

    def write_requests(self, requests):
        self.files += 1
        path = os.path.join(self.folder, f"requests-{self.files}")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(request + "\0" for request in requests)
        return path

    def load(self, server, path, tokens, connections=CONNECTIONS, expect=200, seconds=SECONDS):
        """Requests for a path, with tokens drawn by chance. One is tried beforehand."""
        line = Line(server)
        status, body = line.ask("GET", path, bearer(tokens[0]))
        line.close()
        if status != expect:
            raise Failed(f"{server.name} answers {status} to {path}, where {expect} is expected: {body[:200]}")
        # As many different ones for few tokens as for many: to send a few over and over costs wrk less.
        every = itertools.islice(itertools.cycle(tokens), data.SAMPLE)
        requests = self.write_requests(
            raw("GET", path, server.host, bearer(token) | {"X-Request": f"{number:05}"})
            for number, token in enumerate(every)
        )
        return Load(server, requests, connections, seconds, expect)

    def me(self, database, connections=CONNECTIONS, seconds=SECONDS):
        """The product's load. All tokens were used before, so that their first use is written down."""
        server = self.product(database)
        load = self.load(server, "/api/v1/me", database.sample, connections, seconds=seconds)
        if not getattr(server, "is_warm", False):
            Load(server, load.requests, CONNECTIONS, 2).run()
            server.settle()
            server.is_warm = True
        return load

    def same_answer(self, server, path, token):
        """The bare server's, sending just what the product answers to this."""
        file = os.path.join(self.folder, f"answer-{server.name}")
        with open(file, "wb") as answer:
            answer.write(Line(server).answer_of(raw("GET", path, server.host, bearer(token))))
        with open(file, "rb") as answer:
            status = int(answer.readline().split()[1])
        return self.load(self.bare(answer=file), "/answer", [token], expect=status)

    def static(self, database, connections=CONNECTIONS):
        """The bare server's, with the same requests but for the path."""
        server = self.bare(database if database.engine == "PostgreSQL" else None)
        return self.load(server, "/static", database.sample, connections)

    def turns(self, title, base, players, connections=CONNECTIONS):
        """Plays in turn, and keeps the figures."""
        print(f"\n{title}", flush=True)
        plays = {name: getattr(player, "run", player) for name, player in players.items()}
        series = measure.take_turns(plays, base, PAIRS, LIMIT, say)
        self.disturbed += series.disturbed
        rows = list(report.figures(series, connections))
        self.groups.append((title, rows))
        for cells in rows:
            print("  = " + "  ".join(f"{cell:>9}" for cell in cells[2:]), f" {cells[0]}", flush=True)
        return series

    def goal(self, *what, **more):
        goal = Goal(*what, **more)
        self.goals.append(goal)
        row, text, value, must, aim, reached, remark = goal.cells()
        wanted = f" (must {must}, aim {aim}): {reached.strip('*')}" if goal.must is not None else ""
        print(f"  {row}: {text}: {value}{wanted}{remark and '; ' + remark}", flush=True)


def on_each_engine(row):
    """A row that is measured on SQLite, then on PostgreSQL."""

    @functools.wraps(row)
    def on_both(bench):
        for engine in ("SQLite", "PostgreSQL"):
            row(bench, engine)

    return on_both


def say(name, run):
    if name is None:
        print(f"    others used {run:.0%} of the CPU: once more", flush=True)
    else:
        print(
            f"    {name:28} {run.rate:10,.0f}/s  p50 {run.p50:7.2f} ms  p99 {run.p99:7.2f} ms  CPU {run.cpu:7.1f} µs"
            f"  database {run.database_cpu:6.1f} µs  {run.memory:5.1f} MiB  others {run.others:4.0%}",
            flush=True,
        )


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def cookie(value):
    return {"Cookie": f"session={value}"}


def log_in(server):
    """By the form, as a person does."""
    line = Line(server)
    body = urllib.parse.urlencode({"email": data.EMAIL, "password": data.PASSWORD})
    status, _ = line.ask("POST", "/login", body=body)
    line.close()
    if status != 303:
        raise Failed(f"logging in is answered with {status}")
