"""The results as a page: .tools/bench/results.md."""

import datetime
import os
import platform
import re
import subprocess
from dataclasses import dataclass

from measure import CORES, HERE, Run

ROOT = os.path.join(HERE, "..", "..")
COLUMNS = ["Load", "Conn.", "req/s", "p50 ms", "p99 ms", "CPU µs", "DB CPU µs", "MiB", "DB MiB"]
RATIOS = ["rate ÷", "p50 ÷", "p99 ÷", "CPU ÷", "MiB ÷", "rate ÷ in single pairs"]


@dataclass
class Goal:
    """One figure that something is wanted of."""

    row: str
    what: str
    value: float
    unit: str  # a ratio has none
    must: float | None
    aim: float | None
    more_is_better: bool
    remark: str = ""

    def reached(self):
        if self.must is None:
            return "–"
        sign = 1 if self.more_is_better else -1
        if sign * self.value >= sign * self.aim:
            return "aim"
        return "must" if sign * self.value >= sign * self.must else "**no**"

    def cells(self):
        sign = "≥" if self.more_is_better else "≤"

        def bound(number):
            return "–" if number is None else f"{sign} {number:g}"

        return [
            self.row, self.what, f"{number(self.value)} {self.unit}".strip(), bound(self.must), bound(self.aim),
            self.reached(), self.remark,
        ]


def number(value):
    """Three digits that count, and no more."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def figures(series, connections):
    """A line of cells for each load of a series."""
    for name in series.rounds[0]:
        median = {what: series.median(name, what) for what in Run.__annotations__}
        cells = [name, str(connections)] + [
            number(median[what])
            for what in ("rate", "p50", "p99", "cpu", "database_cpu", "memory", "database_memory")
        ]
        if name == series.base:
            yield cells + ["1"] * 5 + [""]
        else:
            ratios = [number(series.ratio(name, what)) for what in ("rate", "p50", "p99")]
            whole = [
                (getattr(runs[name], own) + getattr(runs[name], database))
                / ((getattr(runs[series.base], own) + getattr(runs[series.base], database)) or 1e-9)
                for own, database in (("cpu", "database_cpu"), ("memory", "database_memory"))
                for runs in series.rounds
            ]
            half = len(series.rounds)
            ratios += [number(sorted(part)[half // 2]) for part in (whole[:half], whole[half:])]
            single = sorted(series.ratios(name, "rate"))
            yield cells + ratios + [f"{number(single[0])}–{number(single[-1])}"]


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() or "unknown"


def first(pattern, path, default="unknown"):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(), re.M)
    except OSError:
        found = None
    return found[1].strip() if found else default


def locked(crate):
    return first(rf'^name = "{crate}"\nversion = "(.+)"$', os.path.join(ROOT, "Cargo.lock"))


def sqlite_version(program):
    """The one inside the program."""
    with open(program, "rb") as file:
        found = re.findall(rb"\x00(3\.\d\d\.\d+)\x00", file.read())
    return found[0].decode() if found else f"of libsqlite3-sys {locked('libsqlite3-sys')}"


def databases(program, clusters):
    postgres = clusters[0].version.partition(" on ")[0] if clusters else "PostgreSQL was not started"
    return f"SQLite {sqlite_version(program)}; {postgres}"


def surroundings(program, folder):
    """What the figures hold for."""
    memory = int(first(r"^MemTotal:\s+(\d+)", "/proc/meminfo", "0")) / 1024 / 1024
    commit = output("git", "rev-parse", "--short=12", "HEAD")
    if output("git", "status", "--porcelain", "--untracked-files=no") != "unknown":
        commit += ", with changes"
    model, system = r"^model name\s*:\s*(.+)$", r'^PRETTY_NAME="?([^"\n]+)'
    return [
        ("Date", datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("Machine", f"{first(model, '/proc/cpuinfo')}, {CORES} cores, {memory:.0f} GiB"),
        ("System", f"{first(system, '/etc/os-release')}, Linux {platform.release()}"),
        ("Files on", output("stat", "-f", "-c", "%T", folder)),
        ("Opentill", commit),
        ("Built with", output("rustc", "--version")),
        ("Crates", ", ".join(f"{crate} {locked(crate)}" for crate in ("axum", "tokio", "sqlx", "leptos"))),
        ("Load by", output("sh", "-c", "wrk -v | head -1").split(" Copyright")[0]),
    ]


def page(about, how, goals, groups, failed):
    """The whole page."""
    parts = [
        "# Results of `make bench`",
        "Written by `.tools/bench/run`. What the rows are, and how to read them: [README.md](README.md).",
        table(["", ""], [list(pair) for pair in about]),
        how,
        "## Goals",
        table(["Row", "What", "Value", "Must", "Aim", "Reached", "Remark"], [goal.cells() for goal in goals]),
        "## Figures",
        "Medians. CPU is per request. The columns with ÷ compare with the first line of each table, server and "
        "database together.",
    ]
    for title, rows in groups:
        parts += [f"### {title}", table(COLUMNS + RATIOS, rows)]
    if failed:
        parts += ["## What did not run", "\n".join(f"- {row}: {why}" for row, why in failed)]
    return "\n\n".join(parts) + "\n"
