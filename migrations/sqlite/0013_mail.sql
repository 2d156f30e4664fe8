-- Mails that were not sent yet. A row is written in the transaction that is its reason, and holds no secret: that of a link
-- is drawn when the mail is sent.
CREATE TABLE mails (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id  INTEGER REFERENCES clients (id), -- NULL: somebody typed an address, which was not looked up yet
    kind       TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    about      TEXT, -- what it tells of, as text: a token's name
    who        TEXT    NOT NULL, -- who did that, and from where
    address    TEXT,
    user_agent TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    message_id TEXT    NOT NULL, -- the same at each try
    due_at     INTEGER NOT NULL, -- when to try next; a node that tries sets it to when it will have given up
    tries      INTEGER NOT NULL DEFAULT 0,
    error      TEXT -- why the last try failed
) STRICT;

CREATE INDEX due_mails ON mails (due_at);
CREATE INDEX mails_of_client ON mails (client_id);

-- Links that let whoever has one do what `kind` says, once.
CREATE TABLE links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id  INTEGER NOT NULL REFERENCES clients (id),
    kind       TEXT    NOT NULL,
    hash       BLOB    NOT NULL UNIQUE, -- SHA-256 of its secret, which is kept nowhere
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX links_of_client ON links (client_id);
