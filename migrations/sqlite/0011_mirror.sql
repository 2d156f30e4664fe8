-- What the billing system says that its clients have, owe and have ordered: a mirror that imports write and requests read.
-- Dates are texts like 2026-01-15, which sort as the days do. The four tables have one shape, so that the same statements
-- serve all of them.
CREATE TABLE services (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id     INTEGER NOT NULL REFERENCES clients (id),
    source        TEXT    NOT NULL, -- the system that it comes from
    external_id   TEXT    NOT NULL, -- its id there
    status        TEXT    NOT NULL,
    currency_code TEXT    NOT NULL,
    title         TEXT NOT NULL, -- its name or number in lower case, to sort by
    amount        INTEGER NOT NULL,
    owed          INTEGER NOT NULL, -- what is due on an unpaid invoice, else 0
    issued_on     TEXT,
    due_on        TEXT,
    expires_on    TEXT,
    search        TEXT    NOT NULL, -- names and numbers in lower case, a line each
    data          TEXT    NOT NULL, -- JSON as it is served, without what the other columns say
    refs          TEXT,             -- JSON: fields that refer to other things, with their external ids
    document      TEXT,             -- JSON: what is known of an invoice's PDF
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted       INTEGER NOT NULL      -- 1: it was deleted at updated_at, and nothing else of it is kept
) STRICT;

CREATE UNIQUE INDEX services_of_source ON services (source, external_id);
CREATE INDEX services_in_order ON services (client_id, created_at, id) WHERE deleted = 0;
CREATE INDEX services_by_change ON services (client_id, updated_at, id);

CREATE TABLE domains (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id     INTEGER NOT NULL REFERENCES clients (id),
    source        TEXT    NOT NULL, -- the system that it comes from
    external_id   TEXT    NOT NULL, -- its id there
    status        TEXT    NOT NULL,
    currency_code TEXT    NOT NULL,
    title         TEXT NOT NULL, -- its name or number in lower case, to sort by
    amount        INTEGER NOT NULL,
    owed          INTEGER NOT NULL, -- what is due on an unpaid invoice, else 0
    issued_on     TEXT,
    due_on        TEXT,
    expires_on    TEXT,
    search        TEXT    NOT NULL, -- names and numbers in lower case, a line each
    data          TEXT    NOT NULL, -- JSON as it is served, without what the other columns say
    refs          TEXT,             -- JSON: fields that refer to other things, with their external ids
    document      TEXT,             -- JSON: what is known of an invoice's PDF
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted       INTEGER NOT NULL      -- 1: it was deleted at updated_at, and nothing else of it is kept
) STRICT;

CREATE UNIQUE INDEX domains_of_source ON domains (source, external_id);
CREATE INDEX domains_in_order ON domains (client_id, created_at, id) WHERE deleted = 0;
CREATE INDEX domains_by_change ON domains (client_id, updated_at, id);

CREATE TABLE invoices (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id     INTEGER NOT NULL REFERENCES clients (id),
    source        TEXT    NOT NULL, -- the system that it comes from
    external_id   TEXT    NOT NULL, -- its id there
    status        TEXT    NOT NULL,
    currency_code TEXT    NOT NULL,
    title         TEXT NOT NULL, -- its name or number in lower case, to sort by
    amount        INTEGER NOT NULL,
    owed          INTEGER NOT NULL, -- what is due on an unpaid invoice, else 0
    issued_on     TEXT,
    due_on        TEXT,
    expires_on    TEXT,
    search        TEXT    NOT NULL, -- names and numbers in lower case, a line each
    data          TEXT    NOT NULL, -- JSON as it is served, without what the other columns say
    refs          TEXT,             -- JSON: fields that refer to other things, with their external ids
    document      TEXT,             -- JSON: what is known of an invoice's PDF
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted       INTEGER NOT NULL      -- 1: it was deleted at updated_at, and nothing else of it is kept
) STRICT;

CREATE UNIQUE INDEX invoices_of_source ON invoices (source, external_id);
CREATE INDEX invoices_in_order ON invoices (client_id, issued_on, id) WHERE deleted = 0;
CREATE INDEX invoices_by_change ON invoices (client_id, updated_at, id);

CREATE TABLE orders (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id     INTEGER NOT NULL REFERENCES clients (id),
    source        TEXT    NOT NULL, -- the system that it comes from
    external_id   TEXT    NOT NULL, -- its id there
    status        TEXT    NOT NULL,
    currency_code TEXT    NOT NULL,
    title         TEXT NOT NULL, -- its name or number in lower case, to sort by
    amount        INTEGER NOT NULL,
    owed          INTEGER NOT NULL, -- what is due on an unpaid invoice, else 0
    issued_on     TEXT,
    due_on        TEXT,
    expires_on    TEXT,
    search        TEXT    NOT NULL, -- names and numbers in lower case, a line each
    data          TEXT    NOT NULL, -- JSON as it is served, without what the other columns say
    refs          TEXT,             -- JSON: fields that refer to other things, with their external ids
    document      TEXT,             -- JSON: what is known of an invoice's PDF
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted       INTEGER NOT NULL      -- 1: it was deleted at updated_at, and nothing else of it is kept
) STRICT;

CREATE UNIQUE INDEX orders_of_source ON orders (source, external_id);
CREATE INDEX orders_in_order ON orders (client_id, created_at, id) WHERE deleted = 0;
CREATE INDEX orders_by_change ON orders (client_id, updated_at, id);

CREATE INDEX invoices_owed ON invoices (client_id) WHERE owed > 0 AND deleted = 0;

-- The PDFs of invoices.
CREATE TABLE documents (
    invoice_id INTEGER PRIMARY KEY REFERENCES invoices (id),
    client_id  INTEGER NOT NULL REFERENCES clients (id),
    body       BLOB    NOT NULL
) STRICT;

-- When the last import took place that changed anything: one row at most. Each is later than the one before, by the clock
-- or by a second.
CREATE TABLE imports (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    at        INTEGER NOT NULL
) STRICT;

-- A client's revision is the time of the last import that changed anything of theirs. So it does not come again after a
-- restore.
ALTER TABLE clients ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN source TEXT;
ALTER TABLE clients ADD COLUMN external_id TEXT;
-- SHA-256 of the password hash that was imported last: one that is in each file is set once, and not again over a password
-- that the client has chosen since.
ALTER TABLE clients ADD COLUMN imported_hash TEXT;
-- The costs of passwords that were hashed by bcrypt.
CREATE INDEX clients_by_bcrypt_cost ON clients (substr(password_hash, 5, 2)) WHERE substr(password_hash, 1, 2) = '$2';
CREATE UNIQUE INDEX clients_of_source ON clients (source, external_id) WHERE external_id IS NOT NULL;

-- An imported client may have no country. SQLite cannot take a constraint away.
ALTER TABLE clients RENAME COLUMN country TO needed_country;
ALTER TABLE clients ADD COLUMN country TEXT CHECK (length(country) = 2);
UPDATE clients SET country = needed_country;
ALTER TABLE clients DROP COLUMN needed_country;
