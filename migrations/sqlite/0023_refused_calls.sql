-- Calls with a valid token that were refused: over its rate limit, for data or from an address that it is not for.
ALTER TABLE token_days ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
