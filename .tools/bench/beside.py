"""Rows about requests with a token while something else keeps the server busy: long lists (P18), attacks (P21)."""

import functools
import itertools
import os
import statistics
import subprocess
import sys
import urllib.parse

import data
from bench import CONNECTIONS, RAISED, SECONDS, cookie, on_each_engine
from measure import HERE, Failed, Line, Load, bearer, raw
from report import number

READERS = 8  # connections that read long lists
LONG = 8 * 1024  # as much of a header as is read beside the others
ATTACKERS = 4  # connections of an attack, if it says nothing else
HELD = 500  # connections whose responses are never read
WAIT = 100  # milliseconds between two pages of one reader
INVOICES = 10_000  # in the list of the client whose programs read it
# The limits that an attack meets are those of a server where nobody sets them.
KEPT = ("OPENTILL_TOKEN_LIMIT", "OPENTILL_ADDRESS_CONNECTIONS", "OPENTILL_MAX_TOKENS")
BEHIND_A_PROXY = {**{name: RAISED[name] for name in KEPT}, "OPENTILL_TRUSTED_PROXIES": "127.0.0.1"}
# The estimate of a new password looks at 40 characters and tries each reading of those that look like a letter.
COSTLY_PASSWORD = "4@8({[<369 1!|0$5+7%2" * 48


@on_each_engine
def p18(bench, engine):
    """P18: the API while long lists are read."""
    database = bench.database(engine, 10_000, "lists")
    me = bench.me(database)
    database.spare_tokens(5_000, 1)
    database.record_activity(20_000)
    mine = cookie(database.log_in_all(1)[1])
    paths = checked(me.server, ("/activity", "/profile/tokens/all"), mine)
    pages = bench.write_requests(raw("GET", path, me.server.host, mine) for path in paths)
    series = beside(
        bench, f"{engine}, 10,000 tokens: /api/v1/me while {READERS} people read long lists", {"/api/v1/me": me},
        {
            name: Sending(Load(me.server, pages, READERS, SECONDS, delay=delay))
            for name, delay in (("lists", WAIT), ("lists without a pause", 0))
        },
    )
    # Without a pause the pages take their share of the CPU, so that is stated and nothing is wanted of it.
    for name, rate, p99 in (("lists", (0.8, 0.9), (3, 2)), ("lists without a pause", (None, None), (None, None))):
        player = f"/api/v1/me, {name}"
        remark = f"{number(series.others[name])} pages a second"
        value = series.ratio(player, "rate", "/api/v1/me")
        bench.goal("P18", f"/api/v1/me beside {name} ÷ quiet, rate, {engine}", value, "", *rate, True, remark)
        value = series.ratio(player, "p99", "/api/v1/me")
        bench.goal("P18", f"/api/v1/me beside {name} ÷ quiet, p99, {engine}", value, "", *p99, False)
    bench.stop("product")


@on_each_engine
def p26(bench, engine):
    """P26: the API while one client's programs read a list of 10,000 invoices over and over."""
    database = bench.database(engine, 10_000, "mirror")
    database.add_invoices(INVOICES)
    me = bench.me(database)
    paths = [f"/api/v1/invoices?per_page=100&page={page}" for page in range(1, INVOICES // 100 + 1)]
    reader = bearer(database.sample[0])
    checked(me.server, (paths[0], paths[-1]), reader)
    pages = bench.write_requests(raw("GET", path, me.server.host, reader) for path in paths)
    series = beside(
        bench, f"{engine}, 10,000 tokens: /api/v1/me while {READERS} programs read {INVOICES:,} invoices",
        {"/api/v1/me": me},
        {
            name: Sending(Load(me.server, pages, READERS, SECONDS, delay=delay))
            for name, delay in (("invoices", WAIT), ("invoices without a pause", 0))
        },
    )
    # As with P18: without a pause they take their share of the CPU.
    for name, rate, p99 in (
        ("invoices", (0.9, 0.95), (2, 1.5)), ("invoices without a pause", (None, None), (None, None)),
    ):
        player = f"/api/v1/me, {name}"
        remark = f"{number(series.others[name])} pages of 100 a second"
        value = series.ratio(player, "rate", "/api/v1/me")
        bench.goal("P26", f"/api/v1/me beside {name} ÷ quiet, rate, {engine}", value, "", *rate, True, remark)
        value = series.ratio(player, "p99", "/api/v1/me")
        bench.goal("P26", f"/api/v1/me beside {name} ÷ quiet, p99, {engine}", value, "", *p99, False)
    bench.stop("product")


@on_each_engine
def p21(bench, engine):
    """P21: the API and the health check while somebody attacks."""
    database = bench.database(engine, 10_000, "attacked")
    server = bench.start_product(database, BEHIND_A_PROXY)
    server.wait_until("/readyz")
    quiet = {
        "/api/v1/me": bench.me(database),
        "/healthz": bench.load(server, "/healthz", database.sample),
    }
    series = beside(
        bench, f"{engine}, 10,000 tokens: /api/v1/me and /healthz while somebody attacks", quiet,
        {
            name: Sending(Load(server, bench.write_requests(requests), connections, SECONDS, is_strict=False))
            for name, connections, requests in attacks(database, server.host)
        } | {f"{HELD} held responses": Holding(server)},
    )
    for path, name in itertools.product(quiet, series.others):
        value, base = series.ratio(f"{path}, {name}", "p99", path), series.median(path, "p99")
        remark = f"{number(series.others[name])} a second, {series.refused[name]} refused; quiet {number(base)} ms"
        bench.goal("P21", f"{path} beside {name} ÷ quiet, p99, {engine}", value, "", 3, 2, False, remark)
    bench.stop("product")


def attacks(database, host):
    """Name, connections and requests of each."""
    # Enough sessions that the limit on new passwords of one session refuses none.
    sessions = [value for _ in range(40) for value in database.log_in_all(51).values()]
    everyone = list(database.log_in_all().values())

    def post(path, fields, headers):
        return raw("POST", path, host, headers, urllib.parse.urlencode(fields))

    yield "worst passwords", ATTACKERS, (
        post("/profile/password", {"current_password": f"wrong {at}", "new_password": COSTLY_PASSWORD}, cookie(session))
        for at, session in enumerate(sessions)
    )
    yield "log-ins from one /48", CONNECTIONS, (
        post(
            "/login", {"email": f"jane.{at % 51 + 1}@example.com", "password": f"wrong password {at}"},
            {"X-Forwarded-For": f"2001:db8:7:{at:x}::1"},
        )
        for at in range(data.SAMPLE)
    )
    yield "creations", ATTACKERS, (
        post("/profile/tokens", {"name": f"Flood {at} {data.base62(8)}"}, cookie(everyone[at % len(everyone)]))
        for at in range(data.SAMPLE)
    )
    yield "bodies of 300 kB", ATTACKERS, [post("/login", {"email": "x" * 300_000}, {})]
    yield "costliest fields", ATTACKERS, itertools.chain.from_iterable(
        costly_fields(at, post, host, cookie(session)) for at, session in enumerate(everyone)
    )


def costly_fields(at, post, host, mine):
    """The costliest input that is accepted: the same as in src/tests/limits/costly.rs."""
    text = unsorted_marks(200)
    fields = ("name", "company", "phone", "address1", "address2", "city", "state", "postcode")
    cookies = "; ".join([f"c{n:04}=1" for n in range(LONG // 8)] + [mine["Cookie"]])
    yield post("/profile/tokens", {"name": f"{at} {unsorted_marks(90)}"}, mine)
    yield post("/profile/details", {**dict.fromkeys(fields, text), "country": "US"}, mine)
    yield raw("GET", f"/activity?before={'9' * (LONG // 2)}&event={'%C3%A9' * (LONG // 12)}", host, mine)
    yield raw("GET", "/profile", host, mine | {"User-Agent": "Mozilla/5.0 (" * (LONG // 13)})
    yield raw("GET", f"/login?next=/profile%3F{'%252F..%252F' * (LONG // 12)}", host)
    yield raw("GET", "/profile", host, {"Cookie": cookies})


def unsorted_marks(characters):
    """A text that stays as long in normal form C, all but the first character of which have to be sorted."""
    above = characters // 2
    return "a" + "\u0301" * above + "\u0323" * (characters - 1 - above)


class Holding:
    """A process that asks for large files over many connections and never reads what comes."""

    def __init__(self, server):
        self.server = server

    def run(self, load):
        """The load while the connections are held; and how many there are a second, and how many were closed."""
        holder = subprocess.Popen(
            [sys.executable, "-B", os.path.join(HERE, "hold.py"), str(self.server.port), str(HELD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        try:
            if holder.stdout.readline().strip() != "held":
                raise Failed("the connections could not be held")
            # Until what the system takes is sent; after 10 seconds the server ends connections that are not read.
            self.server.settle(patience=5)
            run = load.run()
            closed, _ = holder.communicate("", timeout=30)
        finally:
            holder.kill()
            holder.wait()
        return run, HELD / SECONDS, int(closed)


class Sending:
    """A second load, of another process."""

    def __init__(self, other):
        self.other = other

    def run(self, load):
        """The load while the other one is sent; and how many of that were answered a second, and how many refused."""
        came = []

        def send(_):
            wrk = self.other.start()
            try:
                requests, seconds, _, _, refused = self.other.finish(wrk)
                came.extend((requests / seconds, refused))
            finally:
                wrk.kill()
                wrk.wait()

        return load.run(send), *came


def beside(bench, title, quiet, others):
    """Plays each quiet load alone and beside each of the others; what those came to is in the series."""
    came = {name: [] for name in others}

    def play(load, name):
        run, rate, refused = others[name].run(load)
        came[name].append((rate, refused))
        return run

    players = {}
    for path, load in quiet.items():
        # What is still being done for the last attack belongs to nobody's quiet.
        players[path] = Load(load.server, load.requests, load.connections, SECONDS, before=load.server.settle)
        for name in others:
            players[f"{path}, {name}"] = functools.partial(play, load, name)
    series = bench.turns(title, next(iter(quiet)), players)
    series.others = {name: statistics.median(rate for rate, _ in seen) for name, seen in came.items()}
    series.refused = {name: sum(refused for _, refused in seen) for name, seen in came.items()}
    return series


def checked(server, paths, headers):
    """These paths, each of which is answered with 200."""
    line = Line(server)
    for path in paths:
        status, _ = line.ask("GET", path, headers)
        if status != 200:
            raise Failed(f"{path} is answered with {status}")
    line.close()
    return paths
