-- Also in sessions that replicate, for which other triggers are off.
ALTER TABLE activity ENABLE ALWAYS TRIGGER activity_is_never_changed;
