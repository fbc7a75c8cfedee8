-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropIndex
DROP INDEX "notes_search_idx";
