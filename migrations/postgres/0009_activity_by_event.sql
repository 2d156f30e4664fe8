-- The last of each kind, however much there is of the others.
CREATE INDEX activity_by_event ON activity (client_id, event, id);
