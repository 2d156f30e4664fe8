-- Times are whole seconds since 1970-01-01T00:00:00Z everywhere.
CREATE TABLE clients (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE, -- the address in lower case
    name          TEXT    NOT NULL,
    company       TEXT,
    phone         TEXT,
    address1      TEXT    NOT NULL,
    address2      TEXT,
    city          TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    postcode      TEXT    NOT NULL,
    country       TEXT    NOT NULL CHECK (length(country) = 2),
    currency_code TEXT    NOT NULL CHECK (length(currency_code) = 3),
    status        TEXT    NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    password_hash TEXT, -- PHC string; NULL until a password is set
    created_at    INTEGER NOT NULL
) STRICT;
