-- The audit trail. Rows are written in the transaction of what they tell of, and stay as they are.
CREATE TABLE activity (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id       INTEGER NOT NULL REFERENCES clients (id),
    at              INTEGER NOT NULL,
    event           TEXT    NOT NULL,
    who             TEXT    NOT NULL CHECK (who IN ('client', 'operator', 'token', 'anybody')),
    token_id        INTEGER REFERENCES tokens (id),
    token_name      TEXT, -- what it was called then
    token_last_four TEXT,
    address         TEXT, -- NULL: on the command line
    user_agent      TEXT    NOT NULL,
    request_id      TEXT
) STRICT;

CREATE INDEX activity_of_client ON activity (client_id, id);
CREATE INDEX addresses_of_logins ON activity (client_id, address) WHERE event = 'logged_in';

CREATE TRIGGER activity_is_never_changed BEFORE UPDATE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;

CREATE TRIGGER activity_is_never_deleted BEFORE DELETE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;
