-- What a token may read: words with a space between them; NULL: everything.
ALTER TABLE tokens ADD COLUMN scopes TEXT;
-- The same of the token that a line of the trail is about.
ALTER TABLE activity ADD COLUMN token_scopes TEXT;
