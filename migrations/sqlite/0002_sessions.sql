CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    id_hash      BLOB    NOT NULL UNIQUE, -- SHA-256 of the cookie's value, which is kept nowhere
    client_id    INTEGER NOT NULL REFERENCES clients (id),
    user_agent   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_of_client ON sessions (client_id);
