-- Where a session began, so that its client can tell it from others. NULL: before this was recorded.
ALTER TABLE sessions ADD COLUMN address TEXT;
