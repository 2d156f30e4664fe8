-- All tokens of a client, and the revoked ones by when: without it the Profile page reads everybody's.
CREATE INDEX tokens_of_client ON tokens (client_id, revoked_at);
