"""Rows about requests with a token."""

import statistics
import time
import urllib.request

import data
import measure
import peers
from bench import BARE, CONNECTIONS, PAIRS, RAISED, SECONDS, on_each_engine, say
from measure import Failed, Line, Load, bearer
from report import number


def p1(bench):
    """P1, P1c, P7: a request with a valid token, also while somebody writes."""
    database = bench.database("SQLite", 10_000)
    me, static = bench.me(database), bench.static(database)
    series = bench.turns("SQLite, 10,000 tokens: a valid token", "static", {"static": static, "/api/v1/me": me})
    cpu = statistics.median(1 / ratio for ratio in series.ratios("/api/v1/me", "cpu"))
    bench.goal("P1", "/api/v1/me ÷ static, rate, SQLite", series.ratio("/api/v1/me", "rate"), "", 0.45, 0.60, True)
    bench.goal("P1c", "static ÷ /api/v1/me, CPU per request", cpu, "", 0.40, 0.55, True)
    bench.goal("P7", "/api/v1/me ÷ static, p99", series.ratio("/api/v1/me", "p99"), "", 3, 2, False)
    # Each connection waits so long that half as many requests come: with nothing else to be waited
    # for, a request takes about half as long.
    for name, load in (("/api/v1/me", me), ("static", static)):
        rate, p50 = series.median(name, "rate"), series.median(name, "p50")
        load.delay = max(0, 2_000 * CONNECTIONS / rate - p50 / 4)
    half = bench.turns(
        "SQLite, 10,000 tokens: the same at about half the rate", "static", {"static": static, "/api/v1/me": me}
    )
    share = half.median("/api/v1/me", "rate") / series.median("/api/v1/me", "rate")
    bench.goal(
        "P7", "/api/v1/me, p99 at half the rate", half.median("/api/v1/me", "p99"), "ms", 5, 5, False,
        f"{share:.0%} of the rate; static {number(half.median('static', 'p99'))} ms",
    )
    me.delay = 0

    while_changed(bench, "P1", database, me)


def while_changed(bench, row, database, me):
    """How much of the rate is left while another program commits."""

    def change(wrk):
        database.change_while(lambda: wrk.poll() is None)

    series = bench.turns(
        f"{database.engine}, 10,000 tokens: a valid token, while another program commits", "quiet",
        {"quiet": me, "with commits": lambda: me.run(change)},
    )
    value = series.ratio("with commits", "rate")
    text = f"/api/v1/me while another program commits 20 times a second ÷ quiet, rate, {database.engine}"
    bench.goal(row, text, value, "", None, None, True)


def p25(bench):
    """P25: a request with a valid token, while somebody reads the metrics."""
    database = bench.database("SQLite", 10_000)
    quiet = bench.me(database)
    address = f"127.0.0.1:{measure.free_port()}"
    # With a file of its own: two servers of one file would each see what the other commits.
    other = bench.database("SQLite", 10_000, "watched")
    bench.start_product(other, {**RAISED, "OPENTILL_METRICS_ADDR": address}).wait_until("/readyz")
    watched = bench.me(other)

    def scrape(wrk):
        while wrk.poll() is None:
            with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as page:
                page.read()
            time.sleep(1)

    series = bench.turns(
        "SQLite, 10,000 tokens: a valid token, while the metrics are read once a second", "quiet",
        {"quiet": quiet, "watched": lambda: watched.run(scrape)},
    )
    value = series.ratio("watched", "rate")
    bench.goal("P25", "/api/v1/me while metrics are read ÷ quiet, rate", value, "", 0.98, 1.0, True)


def p2(bench):
    """P2, P2l: PostgreSQL."""
    database = bench.database("PostgreSQL", 10_000)
    for connections in (CONNECTIONS, 1):
        series = bench.turns(
            f"PostgreSQL, 10,000 tokens: a valid token, connections: {connections}", "static",
            {
                "static": bench.static(database, connections),
                "/select": bench.load(bench.bare(database), "/select", database.sample, connections),
                "/api/v1/me": bench.me(database, connections),
            },
            connections,
        )
        if connections == 1:
            value = series.ratio("/api/v1/me", "p50", "/select")
            bench.goal("P2l", "/api/v1/me ÷ /select, p50, 1 connection", value, "", 1.15, 1.0, False)
        else:
            value = series.ratio("/api/v1/me", "rate", "/select")
            bench.goal("P2", "/api/v1/me ÷ /select, rate, PostgreSQL", value, "", 1.5, 2.1, True)
    while_changed(bench, "P2", database, bench.me(database))


def p3(bench):
    """P3a, P3b, P3c: other programs that do the same job."""
    database = bench.database("SQLite", 10_000)
    players = {"/api/v1/me": bench.me(database)}
    for peer in peers.ALL:
        print(f"Starting {peer.name}", flush=True)
        server, clients = peer.start(database, bench.folder)
        bench.servers["peer", peer.name] = server
        server.wait_until("/api/v1/me", bearer(next(iter(clients))))
        peers.check(server, clients)
        load = bench.load(server, "/api/v1/me", list(clients))
        Load(server, load.requests, CONNECTIONS, 2).run()
        players[peer.name] = load
    series = bench.turns("SQLite, 10,000 tokens: the same job by others", "/api/v1/me", players)
    bench.stop("peer")

    def goal(row, peer, must, aim):
        value = series.ratio("/api/v1/me", "rate", peer.name)
        bench.goal(row, f"/api/v1/me ÷ {peer.name}, rate", value, "", must, aim, True)

    for peer in (peers.KNOX, peers.DRF, peers.BETTER_AUTH, peers.FASTAPI):
        goal("P3a", peer, 25, 35)
    goal("P3b", peers.FASTIFY, 1.5, 2)
    value = series.ratio(peers.FASTIFY.name, "cpu")
    bench.goal("P3b", f"{peers.FASTIFY.name} ÷ /api/v1/me, CPU per request", value, "", 2, 3, True)
    goal("P3c", peers.PHP, 4, 6)


@on_each_engine
def p4(bench, engine):
    """P4: few tokens and many."""
    bench.stop("product")
    databases = {count: bench.database(engine, count) for count in (10, 100_000, 1_000_000)}
    players = {"static": bench.static(databases[10])}
    players |= {f"{count:,} tokens": bench.me(database) for count, database in databases.items()}
    series = bench.turns(f"{engine}: /api/v1/me with few tokens and many", "static", players)
    value = series.ratio("1,000,000 tokens", "rate", "10 tokens")
    bench.goal("P4", f"1,000,000 ÷ 10 tokens, rate, {engine}", value, "", 0.75, 0.88, True)


@on_each_engine
def p5(bench, engine):
    """P5: the 401."""
    database = bench.database(engine, 10_000)
    product = bench.product(database)
    unknown = [data.new_token() for _ in range(data.SAMPLE)]
    # The checksum's last digit is another one.
    malformed = [token[:-1] + ("0" if token[-1] != "0" else "1") for token in database.sample]
    players = {
        "static": bench.static(database),
        "malformed": bench.load(product, "/api/v1/me", malformed, expect=401),
        "the same, bare": bench.same_answer(product, "/api/v1/me", malformed[0]),
        "valid": bench.me(database),
        "unknown": bench.load(product, "/api/v1/me", unknown, expect=401),
    }
    series = bench.turns(f"{engine}, 10,000 tokens: the 401", "static", players)
    value = series.ratio("malformed", "rate")
    bench.goal("P5", f"malformed token ÷ static, rate, {engine}", value, "", 0.80, 0.90, True)
    value = series.ratio("the same, bare", "rate")
    bench.goal("P5", f"the same answer by the bare server ÷ static, rate, beside {engine}", value, "", None, None, True)
    value = series.ratio("unknown", "rate", "valid")
    bench.goal("P5", f"unknown token ÷ valid one, rate, {engine}", value, "", 0.95, 1.0, True)


@on_each_engine
def p6(bench, engine):
    """P6: what writing down the use of tokens costs."""
    requests = 10_000
    bench.stop("product")
    # Nothing of an earlier use is left to be written.
    database = bench.database(engine, 10, "one")
    server = bench.product(database)
    server.settle()
    database.tidies_up(False)
    print(f"\n{engine}: requests with one token, then up to a minute until all is written, twice", flush=True)

    def written():
        return int(database.ask("SELECT coalesce(sum(calls), 0) FROM token_days")[0][0])

    def wait_for(requests):
        for _ in range(160):
            if written() - calls >= requests:
                return database.writes() - writes
            time.sleep(0.5)
        raise Failed(f"{written() - calls} of {requests} calls were written down")

    calls, writes = written(), database.writes()
    line = Line(server)
    for _ in range(requests):
        status, _ = line.ask("GET", "/api/v1/me", bearer(database.sample[0]))
        if status != 200:
            raise Failed(f"a valid token is answered with {status}")
    line.close()
    text = f"transactions that write, of {requests:,} requests with a new token, {engine}"
    bench.goal("P6", text, wait_for(requests), "", 5, 1, False)
    calls, writes = written(), database.writes()
    run = bench.load(server, "/api/v1/me", database.sample[:1]).run()
    # One was to try it.
    value = wait_for(run.requests + 1) / (run.requests + 1) * 10_000
    text = f"transactions that write, for 10,000 requests with one token under load, {engine}"
    bench.goal("P6", text, value, "", 5, 1, False, f"of {run.requests:,} requests")
    database.tidies_up(True)


def p9(bench):
    """P9: memory, of one server that is alone."""
    print("\nMemory", flush=True)
    for engine in ("SQLite", "PostgreSQL"):
        databases = [bench.database(engine, count) for count in (10_000, 1_000_000)]
        for database in databases:
            bench.stop("product")
            server = bench.product(database)
            if database.count == 10_000:
                time.sleep(3)
                bench.goal("P9", f"PSS when started, {engine}", server.memory(), "MiB", 40, 25, False)
            run = bench.me(database, seconds=SECONDS * 3).run()
            say("/api/v1/me", run)
            must, aim = (64, 40) if database.count == 10_000 else (96, 64)
            text = f"PSS after load, {database.count:,} tokens, {engine}"
            bench.goal("P9", text, server.memory(), "MiB", must, aim, False)
    bench.stop("product")


def p10(bench):
    """P10: from the start of the process to the first 200."""
    for engine, count in (("SQLite", 10_000), ("SQLite", 1_000_000), ("PostgreSQL", 10_000)):
        database = bench.database(engine, count)
        print(f"\n{engine}, {count:,} tokens: cold start, in turn with the bare server", flush=True)
        times = {"product": [], "bare": []}
        for _ in range(max(5, PAIRS)):
            bench.stop("product", "bare")
            server = bench.start_product(database)
            times["product"].append(server.wait_until("/api/v1/me", bearer(database.sample[0])) * 1e3)
            bench.stop("product")
            # It answers to /static without a database.
            bare = measure.Server("bare-start", [BARE, "HOST"], bench.folder)
            bench.servers["bare", "start"] = bare
            times["bare"].append(bare.wait_until("/static") * 1e3)
        bench.stop("product", "bare")
        product, bare = (statistics.median(times[name]) for name in ("product", "bare"))
        bench.goal(
            "P10", f"start to first 200, {engine}, {count:,} tokens", product, "ms", 250, 100, False,
            f"bare server {number(bare)} ms; longest {number(max(times['product']))} ms",
        )
