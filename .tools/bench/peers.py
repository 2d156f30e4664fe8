"""Other programs that do the same job, each in peers/: how they get their tokens, and how they are started."""

import json
import os
import re
import sqlite3
import subprocess
from dataclasses import dataclass, field

import data
import measure
from measure import Failed, Line, bearer
from report import output

HERE = os.path.join(measure.HERE, "peers")
VENV = os.path.join(HERE, "venv", "bin")
TOKENS = 10_000
# Whose versions are on the page of results.
SHOWN = (
    "Python", "Django", "djangorestframework", "django-rest-knox", "gunicorn", "fastapi", "SQLAlchemy", "uvicorn",
    "Node.js", "better-auth", "@better-auth/api-key", "better-sqlite3", "fastify", "PHP", "nginx",
)
GUNICORN = [
    os.path.join(VENV, "gunicorn"), "--chdir", HERE, "--bind", "HOST", "--workers", "3", "--worker-class", "gthread",
    "--threads", "4", "django.core.wsgi:get_wsgi_application()",
]
UVICORN = [
    os.path.join(VENV, "uvicorn"), "--app-dir", HERE, "--host", "127.0.0.1", "--port", "PORT", "--workers", "2",
    "--no-access-log", "fastapi_me:app",
]


@dataclass
class Peer:
    """One of them. Without `seed`, a command that makes a database, it gets a copy of the product's."""

    name: str
    command: list
    seed: list = None
    each: int = data.EACH  # tokens of a client
    settings: dict = field(default_factory=dict)

    def start(self, product, folder):
        """Serves 10,000 tokens: the server, and the clients by their tokens."""
        stem = re.sub(r"\W+", "-", self.name)
        path = os.path.join(folder, f"{stem}.db")
        environment = {"DATABASE": path, "PYTHONDONTWRITEBYTECODE": "1", "NODE_ENV": "production", **self.settings}
        tokens = self.make(environment) if self.seed else copy(product, path)
        clients = {token: client(at // self.each + 1) for at, token in enumerate(tokens)}
        return measure.Server(stem, self.command, folder, environment), clients

    def make(self, environment):
        wanted = {"clients": [client(n + 1) for n in range(TOKENS // self.each)], "each": self.each}
        done = subprocess.run(
            self.seed, input=json.dumps(wanted), env={"PATH": os.environ["PATH"], **environment}, cwd=HERE,
            capture_output=True, text=True, check=False, timeout=300,
        )
        tokens = done.stdout.split()
        if done.returncode != 0 or len(tokens) != TOKENS:
            raise Failed(f"{self.name}: {len(tokens)} tokens were made: {done.stderr.strip()[-500:]}")
        return tokens


def script(name, *arguments):
    return ["node", os.path.join(HERE, name), *arguments]


def django(name, scheme, each):
    settings = {"DJANGO_SETTINGS_MODULE": "drf.settings", "SCHEME": scheme}
    return Peer(name, GUNICORN, [os.path.join(VENV, "python"), "-m", "drf.seed"], each, settings)


DRF = django("DRF TokenAuthentication", "authtoken", 1)  # a user has one token there, and no more
KNOX = django("django-rest-knox", "knox", data.EACH)
FASTAPI = Peer("FastAPI + SQLAlchemy", UVICORN)
BETTER_AUTH = Peer("better-auth", script("better-auth.mjs", "HOST"), script("better-auth.mjs", "seed"))
FASTIFY = Peer("Fastify + better-sqlite3", script("fastify.mjs", "HOST"))
PHP = Peer("PHP stand-in with touch", [os.path.join(HERE, "php", "serve"), "HOST"])
ALL = (DRF, KNOX, FASTAPI, BETTER_AUTH, FASTIFY, PHP)


def client(number):
    """What is answered of a client, but for its number and when it was made."""
    return {
        **data.COLUMNS, "email": f"jane.{number}@example.com", "phone": None, "address2": None, "country": "US",
        "currency_code": "USD", "status": "active",
    }


def copy(product, path):
    """A copy of the product's database, which it may have open: its tokens."""
    source, target = sqlite3.connect(product.path), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    return product.sample


def check(server, clients):
    """A token must be answered with its client, all of it, and one that nobody has with 401."""
    line = Line(server)
    for token, expected in [list(clients.items())[at] for at in (0, TOKENS // 2, -1)]:
        status, body = line.ask("GET", "/api/v1/me", bearer(token))
        answer = json.loads(body).get("data", {}) if status == 200 else {}
        if {**answer, **expected} != answer or answer.keys() - expected.keys() != {"id", "created_at"}:
            raise Failed(f"{server.name} answers {status} and not the client {expected['email']}: {body[:500]}")
    status, body = line.ask("GET", "/api/v1/me", bearer(data.new_token()))
    line.close()
    if status != 401:
        raise Failed(f"{server.name} answers {status} to a token that nobody has: {body[:200]}")


def versions():
    """Of what is pinned here, and of what the machine has."""
    with open(os.path.join(HERE, "requirements.txt"), encoding="utf-8") as file:
        pinned = dict(re.findall(r"^(\S+)==(\S+)$", file.read(), re.M))
    with open(os.path.join(HERE, "package.json"), encoding="utf-8") as file:
        pinned |= json.load(file)["dependencies"]
    for name, command in {"Python": "python3 -V", "Node.js": "node -v", "PHP": "php -v", "nginx": "nginx -v"}.items():
        found = re.search(r"\d+(\.\d+)+", output("sh", "-c", f"{command} 2>&1"))
        pinned[name] = found[0] if found else "unknown"
    return ", ".join(f"{name} {pinned[name]}" for name in SHOWN)
