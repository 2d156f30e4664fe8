-- Verifies a token without reading its row.
CREATE INDEX valid_tokens ON tokens (hash, client_id) WHERE revoked_at IS NULL;
