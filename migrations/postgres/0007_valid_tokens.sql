-- Nothing: an index that SQLite verifies tokens by. PostgreSQL would read the row all the same, to see whether it counts.
SELECT 1;
