-- When a token ends by itself; NULL: never. It is then revoked at that time.
ALTER TABLE tokens ADD COLUMN expires_at BIGINT;
-- From where it works: addresses and networks with a space between them; NULL: from everywhere.
ALTER TABLE tokens ADD COLUMN allowed_addresses TEXT;
-- When the token that a line of the trail is about was to end.
ALTER TABLE activity ADD COLUMN token_expires_at BIGINT;

CREATE INDEX expiring_tokens ON tokens (expires_at, client_id) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;
