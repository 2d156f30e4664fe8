"""Rows about the pages and forms of the portal, alone and beside requests with a token."""

import os
import statistics
import subprocess
import threading
import time
import urllib.parse

import data
import measure
from bench import CONNECTIONS, PAIRS, SECONDS, cookie, log_in, on_each_engine, percentile, say
from measure import Failed, Line, Load, raw
from report import number


@on_each_engine
def p8(bench, engine):
    """P8: the API while people log in."""
    database = bench.database(engine, 10_000)
    me = bench.me(database)
    fields = [
        urllib.parse.urlencode({"email": f"jane.{n}@example.com", "password": data.PASSWORD}) for n in range(2, 52)
    ]
    forms = bench.write_requests(raw("POST", "/login", me.server.host, body=form) for form in fields)
    people = Load(me.server, forms, 50, SECONDS, is_strict=False)
    log_in(me.server)
    rates = {}

    def busy():
        came = []

        def logins(_):
            wrk = people.start()
            try:
                requests, seconds, _, _, refused = people.finish(wrk)
                came.extend((requests / seconds, refused))
            finally:
                wrk.kill()
                wrk.wait()

        run = me.run(logins)
        rates[id(run)] = came
        return run

    # Passwords that are still being hashed belong to nobody's quiet.
    quiet = Load(me.server, me.requests, me.connections, SECONDS, before=me.server.settle)
    series = bench.turns(
        f"{engine}, 10,000 tokens: /api/v1/me while 50 people log in, over and over", "quiet",
        {"quiet": quiet, "with logins": busy},
    )
    seen = [rates[id(runs["with logins"])] for runs in series.rounds]
    rate, refused = statistics.median(rate for rate, _ in seen), sum(refused for _, refused in seen)
    remark = f"{number(rate)} logins a second, {refused} refused or not answered"
    value = series.ratio("with logins", "p99")
    bench.goal("P8", f"p99 while 50 log in ÷ quiet, {engine}", value, "", 3, 2, False, remark)


@on_each_engine
def p12(bench, engine):
    """P12: revoking while the API is under load."""
    database = bench.database(engine, 10_000, "portal")
    me = bench.me(database)
    cookies = database.log_in_all()
    spare = iter(database.spare_tokens(2_000 * PAIRS))
    times = {}

    def revoke(wrk):
        line, took = Line(me.server), times.setdefault("now", [])
        # As long as the load lasts, and not a moment longer.
        for token, client in spare:
            if wrk.poll() is not None or len(took) == 2_000:
                break
            began = time.perf_counter()
            status, _ = line.ask("POST", f"/profile/tokens/{token}/revoke", cookie(cookies[client]), "")
            took.append((time.perf_counter() - began) * 1e3)
            if status != 303:
                raise Failed(f"a revocation is answered with {status}")
        line.close()

    def play():
        run = me.run(revoke)
        times[id(run)] = times.pop("now")
        return run

    before = revoked(database)
    series = bench.turns(
        f"{engine}, 10,000 tokens: /api/v1/me while somebody revokes one token after the other", "/api/v1/me",
        {"/api/v1/me": play},
    )
    done = sum(len(took) for took in times.values())
    if revoked(database) - before != done:
        raise Failed(f"{revoked(database) - before} tokens are revoked after {done} revocations")
    took = [each for runs in series.rounds for each in times[id(runs["/api/v1/me"])]]
    bench.goal(
        "P12", f"revocation under load, p99, {engine}", percentile(took, 0.99), "ms", 50, 20, False,
        f"p50 {number(percentile(took, 0.5))} ms, of {len(took):,}",
    )


@on_each_engine
def p16(bench, engine):
    """P16: pages."""
    database = bench.database(engine, 10_000)
    server, static = bench.product(database), bench.static(database)
    mine = cookie(database.log_in_all(1)[1])
    pages = {"/login": ({}, b"Log in"), "/profile": (mine, b"api-tokens")}
    players, sizes = {"static": static}, {}
    for path, (headers, mark) in pages.items():
        line = Line(server)
        status, body = line.ask("GET", path, headers)
        line.close()
        if status != 200 or mark not in body:
            raise Failed(f"{path} is answered with {status} and without {mark.decode()}")
        sizes[path] = brotli(body)
        requests = bench.write_requests([raw("GET", path, server.host, headers)])
        players[path] = Load(server, requests, CONNECTIONS, SECONDS)
    series = bench.turns(f"{engine}, 10,000 tokens: pages, /profile with 10 tokens", "static", players)
    for path in pages:
        value = series.ratio(path, "rate")
        must, aim = (0.04, 0.08) if path == "/profile" else (None, None)
        bench.goal("P16", f"{path} ÷ static, rate, {engine}", value, "", must, aim, True)
        if engine == "SQLite":
            size = sizes[path] / 1e3
            remark = "as a proxy may send it; Opentill sends pages as they are"
            bench.goal("P16", f"HTML of {path}, brotli", size, "kB", 12, 8, False, remark)


@on_each_engine
def p17(bench, engine):
    """P17: 50 new tokens a second under load."""
    length, pace, hands = 10, 50, 4
    database = bench.database(engine, 10_000, "portal")
    me = bench.me(database, seconds=length + 1)
    me.is_strict = False  # what is refused is counted
    cookies = list(database.log_in_all().values())
    print(f"\n{engine}, 10,000 tokens: {pace} new tokens a second under load", flush=True)
    mark, statuses, late = data.base62(8), [], []

    def hand(number, began):
        line = Line(me.server)
        for at in range(number, length * pace, hands):
            due = began + at / pace
            time.sleep(max(0, due - time.perf_counter()))
            body = urllib.parse.urlencode({"name": f"Made {mark} {at}"})
            status, _ = line.ask("POST", "/profile/tokens", cookie(cookies[at % len(cookies)]), body)
            statuses.append(status)
            late.append(time.perf_counter() - due)
        line.close()

    def create(_):
        began = time.perf_counter()
        threads = [threading.Thread(target=hand, args=(number, began)) for number in range(hands)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    run = me.run(create)
    say("/api/v1/me", run)
    there = int(database.ask(f"SELECT count(*) FROM tokens WHERE name LIKE 'Made {mark} %'")[0][0])
    wrong = sum(status != 200 for status in statuses) + length * pace - len(statuses)
    wrong += abs(there - length * pace)
    slowest = f"the slowest done {number(max(late))} s after its time"
    remark = f"of {run.requests:,} requests and {there} creations, {slowest}"
    text = f"not 2xx under load with {pace} creations a second, {engine}"
    bench.goal("P17", text, wrong + run.refused, "", 0, 0, False, remark)
    complaints = me.server.complaints()
    for complaint in complaints[:3]:
        print(f"    {complaint}", flush=True)
    bench.goal("P17", f"warnings and errors in its log, {engine}", len(complaints), "", 0, 0, False)


@on_each_engine
def forms(bench, engine):
    """Creating and revoking by the plain forms."""
    database = bench.database(engine, 10_000, "portal")
    server = bench.product(database)
    cookies = database.log_in_all()

    def creations(count):
        mark = data.base62(8)
        for at in range(count):
            body = urllib.parse.urlencode({"name": f"New {mark} {at}"})
            yield raw("POST", "/profile/tokens", server.host, cookie(cookies[at % len(cookies) + 1]), body)

    def revocations(count):
        for token, client in database.spare_tokens(count):
            yield raw("POST", f"/profile/tokens/{token}/revoke", server.host, cookie(cookies[client]), "")

    def play(prepare, count_rows):
        nonlocal count
        while True:
            requests = bench.write_requests(prepare(count))
            before = count_rows(database)
            run = Load(server, requests, CONNECTIONS, SECONDS, order="once").run()
            os.remove(requests)
            # A redirect to the login would look like a success. Each thread of wrk may end with a /healthz.
            if count_rows(database) - before < run.requests - measure.CORES:
                raise Failed(f"{run.requests} forms changed {count_rows(database) - before} tokens")
            if run.requests < count * 0.9:
                return run
            # They were used up before the time was over.
            count *= 4

    count = SECONDS * 2_500
    series = bench.turns(
        f"{engine}, 10,000 tokens: tokens are created and revoked by the plain forms", "static",
        {
            "static": bench.static(database),
            "creation": lambda: play(creations, made),
            "revocation": lambda: play(revocations, revoked),
        },
    )
    for name in ("creation", "revocation"):
        remark = f"p99 {number(series.median(name, 'p99'))} ms at {CONNECTIONS} connections"
        bench.goal("forms", f"{name}, {engine}", series.median(name, "rate"), "/s", None, None, True, remark)


def made(database):
    return int(database.ask("SELECT count(*) FROM tokens")[0][0])


def revoked(database):
    return int(database.ask("SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL")[0][0])


def brotli(body):
    """Its size, compressed as far as it goes."""
    script = "process.stdout.write(String(require('zlib').brotliCompressSync(require('fs').readFileSync(0)).length))"
    return int(subprocess.run(["node", "-e", script], input=body, capture_output=True, check=True).stdout)
