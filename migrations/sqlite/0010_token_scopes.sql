-- What a token may read: words with a space between them; NULL: everything.
ALTER TABLE tokens ADD COLUMN scopes TEXT;
-- The same of the token that a line of the trail is about.
ALTER TABLE activity ADD COLUMN token_scopes TEXT;

-- Tokens are verified without reading their rows, so it is in the index as well.
DROP INDEX valid_tokens;
CREATE INDEX valid_tokens ON tokens (hash, client_id, scopes) WHERE revoked_at IS NULL;
