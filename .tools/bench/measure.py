"""Servers and the load on them: how many requests, how long they take, what they cost."""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
CORES = os.cpu_count()
TICK = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """Something did not run, or did not answer as it has to."""


# --- What /proc tells ---------------------------------------------------------------------


def stat(pid):
    """Parent, own ticks of CPU time, and those of children that are gone; nothing if it is gone itself."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])


def all_processes():
    found = ((int(pid), stat(pid)) for pid in os.listdir("/proc") if pid.isdigit())
    return {pid: seen for pid, seen in found if seen}


def descendants(root, processes):
    """A process and all that it has started."""
    family = {root}
    while True:
        more = {pid for pid, (parent, _, _) in processes.items() if parent in family} - family
        if not more:
            return family
        family |= more


def ticks(family, processes):
    """CPU time of these, with that of children which are gone."""
    return sum(sum(processes[pid][1:]) for pid in family if pid in processes)


def busy_ticks():
    """CPU time of the whole machine: user, nice, system, and what its host kept from it."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, _, _, steal = (int(text) for text in file.readline().split()[1:9])
    return user + nice + system + steal


def pss(pids):
    """Memory of these in MiB. What several processes share is shared out among them."""
    kib = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                kib += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M)[1])
        except OSError:
            pass
    return kib / 1024


# --- Servers ------------------------------------------------------------------------------


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server process on a loopback port."""

    def __init__(self, name, command, folder, environment=None, cluster=None):
        self.name, self.cluster = name, cluster
        self.log = os.path.join(folder, f"{name}.log")
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        environment = {"PATH": os.environ["PATH"], **(environment or {})}
        environment["LEPTOS_SITE_ADDR"] = self.host
        where = {"HOST": self.host, "PORT": str(self.port)}
        command = [where.get(part, part) for part in command]
        # At the end each time, so that it can be emptied.
        with open(self.log, "ab") as log:
            self.began = time.perf_counter()
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )

    def wait_until(self, path, headers=None, status=200, patience=20):
        """Seconds from the start of the process until this is answered with this status."""
        head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        request = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{head}Connection: close\r\n\r\n".encode()
        while time.perf_counter() - self.began < patience:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                    line.sendall(request)
                    if line.recv(64).startswith(f"HTTP/1.1 {status} ".encode()):
                        return time.perf_counter() - self.began
            except OSError:
                pass
            time.sleep(0.001)
        raise Failed(f"{self.name} does not come up: {self.last_words()}")

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return " / ".join(log.read().splitlines()[-3:])

    def forget_log(self):
        os.truncate(self.log, 0)

    def complaints(self):
        """Lines of the log above `info`."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return [line.strip() for line in log if re.search(r"\b(WARN|ERROR)\b|database is locked", line)]

    def family(self, processes=None):
        """Its process, and those that this has started."""
        return descendants(self.process.pid, processes or all_processes())

    def memory(self):
        return pss(self.family())

    def settle(self, patience=15):
        """Waits until it has written down what it still had to."""
        idle = 0
        for _ in range(patience * 2):
            before = sum(stat(self.process.pid)[1:])
            time.sleep(0.5)
            idle = idle + 1 if sum(stat(self.process.pid)[1:]) - before <= 2 else 0
            if idle == 3:
                return

    def stop(self):
        # The second signal ends it at once.
        for _ in range(2):
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                time.sleep(0.1)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Cluster:
    """A PostgreSQL server with fsync, by .tools/postgres."""

    def __init__(self):
        self.script = subprocess.Popen(
            [os.path.join(HERE, "..", "postgres")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DURABLE": "1"}, start_new_session=True,
        )
        self.url = self.script.stdout.readline().strip()
        if not self.url:
            raise Failed("PostgreSQL does not start")
        said = self.psql(self.url, "SELECT current_setting('data_directory'), version()")
        self.folder, self.version = said.strip().split("|")
        with open(os.path.join(self.folder, "postmaster.pid"), encoding="ascii") as file:
            self.pid = int(file.readline())

    def command(self, url):
        return ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url]

    def psql(self, url, statement):
        done = subprocess.run([*self.command(url), "-c", statement], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"psql: {done.stderr.strip()}")
        return done.stdout

    def stop(self):
        self.script.stdin.close()
        try:
            self.script.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.script.terminate()


# --- Requests -----------------------------------------------------------------------------


def raw(method, path, host, headers=None, body=None):
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += [f"Origin: http://{host}", "Content-Type: application/x-www-form-urlencoded"]
        lines += [f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + (body or "")


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class Line:
    """One kept connection, for what is asked a request at a time."""

    def __init__(self, server):
        self.server = server
        self.http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.http.connect()
        self.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method, path, headers=None, body=None):
        """Status and body."""
        headers = dict(headers or {})
        if body is not None:
            headers["Origin"] = f"http://{self.server.host}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.http.request(method, path, body=body, headers=headers)
        answer = self.http.getresponse()
        return answer.status, answer.read()

    def answer_of(self, request):
        """A whole answer as it comes over the wire, short enough to come at once. Nothing can be asked after it."""
        self.http.sock.sendall(request.encode())
        answer = self.http.sock.recv(65536)
        self.close()
        return answer

    def close(self):
        self.http.close()


@dataclass
class Run:
    """What one run of load came to."""

    rate: float
    p50: float  # ms
    p99: float  # ms
    cpu: float  # microseconds per request, of the server
    database_cpu: float  # the same, of the processes of the database
    memory: float  # MiB
    database_memory: float  # MiB
    requests: int
    refused: int  # answers of 400 and above, and none
    others: float  # share of the CPU that went elsewhere


@dataclass
class Load:
    """Requests by wrk to one server, some seconds long."""

    server: Server
    requests: str  # the file of them
    connections: int
    seconds: int
    expect: int = 200
    order: str = "random"
    delay: float = 0
    before: object = None  # called before each run
    is_strict: bool = True  # what is refused or not answered is a failure, and not just counted

    def start(self):
        # One that was in use for long must not be measured with its log of a gigabyte.
        self.server.forget_log()
        threads = min(self.connections, CORES)
        settings = {
            "REQUESTS": self.requests, "ORDER": self.order, "DELAY": f"{self.delay:.3f}", "THREADS": str(threads),
        }
        return subprocess.Popen(
            ["wrk", "-t", str(threads), "-c", str(self.connections), "-d", f"{self.seconds}s", "--timeout", "10s",
             "-s", os.path.join(HERE, "load.lua"), f"http://{self.server.host}/"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **settings},
        )

    def finish(self, wrk):
        """Requests, seconds, p50, p99, answers of 400 and above."""
        said, _ = wrk.communicate(timeout=self.seconds + 60)
        found = re.search(r"^DONE (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", said, re.M)
        if not found:
            raise Failed(f"wrk says: {said.strip()}")
        requests, duration, p50, p99, refused, errors = (int(text) for text in found.groups())
        if not self.is_strict:
            return requests, duration / 1e6, p50 / 1e3, p99 / 1e3, refused + errors
        if errors:
            raise Failed(f"{self.server.name}: {errors} requests of {requests} were not answered")
        wanted = 0 if self.expect < 400 else requests
        if not requests or refused != wanted:
            raise Failed(
                f"{self.server.name}: {refused} of {requests} answers were 400 or above, where {self.expect} is "
                f"expected: {self.server.last_words()}"
            )
        return requests, duration / 1e6, p50 / 1e3, p99 / 1e3, refused

    def run(self, beside=None):
        """Measures. `beside` is done at the same time and gets the running wrk."""
        if self.before:
            self.before()
        meter = Meter(self.server)
        wrk = self.start()
        try:
            if beside:
                beside(wrk)
            requests, seconds, p50, p99, refused = self.finish(wrk)
        finally:
            wrk.kill()
            wrk.wait()
        cpu, database_cpu, others = meter.read()
        return Run(
            rate=requests / seconds, p50=p50, p99=p99, cpu=cpu / requests, database_cpu=database_cpu / requests,
            memory=self.server.memory(), database_memory=pss(meter.database()), requests=requests, refused=refused,
            others=others,
        )


class Meter:
    """CPU time from its making until it is read."""

    def __init__(self, server):
        self.server = server
        self.before = self.look()

    def database(self, processes=None):
        cluster = self.server.cluster
        return descendants(cluster.pid, processes or all_processes()) if cluster else set()

    def look(self):
        processes = all_processes()
        database = self.database(processes)
        server = self.server.family(processes)
        # wrk's time comes to this process once it is over. Other servers of ours are others.
        own = database | server | {os.getpid()}
        return (
            ticks(server, processes), ticks(database, processes), ticks(own, processes),
            ticks(processes.keys() - own, processes), busy_ticks(), time.perf_counter(),
        )

    def read(self):
        """Microseconds of the server and of its database, and the share of the CPU that others had."""
        server, database, own, foreign, busy, seconds = (
            now - before for now, before in zip(self.look(), self.before, strict=True)
        )
        others = max(busy - own, foreign, 0) / (seconds * TICK * CORES)
        return server / TICK * 1e6, database / TICK * 1e6, others


# --- Runs in turn -------------------------------------------------------------------------


@dataclass
class Series:
    """Runs of several players in turn, A B A B; `base` is what the others are compared with."""

    base: str
    rounds: list = field(default_factory=list)
    disturbed: int = 0  # rounds that count although others used too much of the CPU

    def median(self, name, what):
        return statistics.median(getattr(runs[name], what) for runs in self.rounds)

    def ratios(self, name, what, base=None):
        base = base or self.base
        return [getattr(runs[name], what) / (getattr(runs[base], what) or 1e-9) for runs in self.rounds]

    def ratio(self, name, what, base=None):
        """The median of the ratios of each pair."""
        return statistics.median(self.ratios(name, what, base))


def take_turns(players, base, pairs, limit, say):
    """Plays until there are so many rounds in which others used less than `limit` of the CPU."""
    series = Series(base)
    spoilt = []
    for _ in range(pairs * 3):
        runs = {}
        for name, play in players.items():
            runs[name] = play()
            say(name, runs[name])
        worst = max(run.others for run in runs.values())
        if worst <= limit:
            series.rounds.append(runs)
        else:
            spoilt.append((worst, len(spoilt), runs))
            say(None, worst)
        if len(series.rounds) == pairs:
            break
    missing = pairs - len(series.rounds)
    series.disturbed = missing
    series.rounds += [runs for _, _, runs in sorted(spoilt)[:missing]]
    return series
