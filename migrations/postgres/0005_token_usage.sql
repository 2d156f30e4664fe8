-- From where each token is used: one row per address.
CREATE TABLE token_addresses (
    token_id      BIGINT  NOT NULL REFERENCES tokens (id),
    address       TEXT    NOT NULL,
    user_agent    TEXT    NOT NULL,
    first_used_at BIGINT  NOT NULL,
    last_used_at  BIGINT  NOT NULL,
    PRIMARY KEY (token_id, address)
);

-- How often: one row per day.
CREATE TABLE token_days (
    token_id BIGINT  NOT NULL REFERENCES tokens (id),
    day      BIGINT  NOT NULL, -- days since 1970-01-01, UTC
    calls    BIGINT  NOT NULL,
    PRIMARY KEY (token_id, day)
);
