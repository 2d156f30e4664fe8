-- A line of the trail is not replaced either: REPLACE removes the old row without asking the trigger for deletions.
CREATE TRIGGER activity_is_never_replaced BEFORE INSERT ON activity
WHEN EXISTS (SELECT 1 FROM activity WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;

-- Before a row is in, SQLite says -1 for a number that it is still to choose, so none may really have it.
CREATE TRIGGER activity_is_numbered_from_one AFTER INSERT ON activity
WHEN NEW.id < 1
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;
