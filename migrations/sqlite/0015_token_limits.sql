-- When a token ends by itself; NULL: never. It is then revoked at that time.
ALTER TABLE tokens ADD COLUMN expires_at INTEGER;
-- From where it works: addresses and networks with a space between them; NULL: from everywhere.
ALTER TABLE tokens ADD COLUMN allowed_addresses TEXT;
-- When the token that a line of the trail is about was to end.
ALTER TABLE activity ADD COLUMN token_expires_at INTEGER;

CREATE INDEX expiring_tokens ON tokens (expires_at, client_id) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

-- Tokens are verified without reading their rows, so both are in the index as well.
DROP INDEX valid_tokens;
CREATE INDEX valid_tokens ON tokens (hash, client_id, scopes, expires_at, allowed_addresses) WHERE revoked_at IS NULL;
