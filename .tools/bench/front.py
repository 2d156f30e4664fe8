"""What a browser loads of the product, and how soon a page can be used in it."""

import json
import os
import re
import statistics
import subprocess

from measure import HERE, Failed, Line
from report import number

END2END = os.path.join(HERE, "..", "..", "end2end")


def p13(bench):
    """P13: what a first visit loads."""
    database = bench.database("SQLite", 10_000)
    server = bench.product(database)
    cookie = {"Cookie": f"session={database.log_in_all(1)[1]}"}
    line = Line(server)

    def ask(path, headers):
        status, body = line.ask("GET", path, headers)
        if status != 200:
            raise Failed(f"{path} is answered with {status}")
        return body

    print("\nWhat a first visit to /profile, with 10 tokens, loads", flush=True)
    page = ask("/profile", cookie)
    # Whatever it names of its own files, each once.
    files = set(re.findall(rb'(?:href|src|data-\w+)="(/[^"]+\.(?:css|js|wasm|svg))"', page))
    sizes = {path.decode(): len(ask(path.decode(), {"Accept-Encoding": "br"})) for path in files}

    def size(pattern):
        return sum(size for path, size in sizes.items() if re.search(pattern, path)) / 1e3

    for kind in ("wasm", "js", "css"):
        if not size(rf"\.{kind}$"):
            raise Failed(f"/profile names no .{kind} file, but {', '.join(sorted(sizes))}")
    code = size(r"\.(js|wasm)$")
    remark = f"WebAssembly alone {number(size(r'[.]wasm$'))} kB"
    bench.goal("P13", "WebAssembly and JavaScript, brotli", code, "kB", 230, 180, False, remark)
    sent = len(page) / 1e3
    remark = f"HTML as it is sent {number(sent)} kB, style {number(size(r'[.]css$'))} kB"
    bench.goal("P13", "all of the first /profile", code + size(r"\.(css|svg)$") + sent, "kB", 260, 200, False, remark)
    line.close()


def p14(bench):
    """P14: how soon the first click is answered in a browser that has nothing yet."""
    # What others need while Chromium is at work would be in its times.
    bench.stop("product", "bare")
    rounds = max(5, int(os.environ.get("PAIRS") or 5))
    print(f"\nFrom the navigation to /profile to the first click that is answered, {rounds} times", flush=True)
    done = subprocess.run(
        ["npx", "playwright", "test", "--config", "alive.config.ts"], cwd=END2END,
        env={**os.environ, "ROUNDS": str(rounds)}, capture_output=True, text=True, check=False, timeout=900,
    )
    if done.returncode != 0:
        raise Failed(f"alive.ts: {done.stdout.strip()[-500:]}{done.stderr.strip()[-500:]}")
    seen = [json.loads(text) for text in re.findall(r"^alive: (.+)$", done.stdout, re.M)]
    for condition, what, must, aim in (
        ("unthrottled", "first click answered, cold cache", 500, 250),
        ("slow", "the same, CPU 4 times slower, 1.6 Mbit/s, 150 ms", 4_000, 2_500),
    ):
        times = {
            name: [each[name] for each in seen if each["condition"] == condition]
            for name in ("painted", "answered", "opened")
        }
        painted, answered, opened = (statistics.median(each) for each in times.values())
        remark = (
            f"{number(min(times['answered']))} to {number(max(times['answered']))}; painted {number(painted)} ms, "
            f"token shown {number(opened)} ms"
        )
        bench.goal("P14", what, answered, "ms", must, aim, False, remark)
