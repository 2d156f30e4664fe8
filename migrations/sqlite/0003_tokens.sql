CREATE TABLE tokens (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id       INTEGER NOT NULL REFERENCES clients (id),
    name            TEXT    NOT NULL,
    name_key        TEXT    NOT NULL, -- names that differ in case alone share it
    hash            BLOB    NOT NULL UNIQUE, -- SHA-256 of the token, which is kept nowhere
    last_four       TEXT    NOT NULL,
    idempotency_key TEXT,
    created_at      INTEGER NOT NULL,
    last_used_at    INTEGER,
    revoked_at      INTEGER -- revoked rows stay, so that an idempotency key never makes a second token
) STRICT;

CREATE UNIQUE INDEX active_token_names ON tokens (client_id, name_key) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX token_idempotency_keys ON tokens (client_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
