-- '0' is the character after '/'.
SELECT EXISTS (SELECT 1 FROM file WHERE path > :folder || '/' AND path < :folder || '0')
    OR EXISTS (SELECT 1 FROM link WHERE path > :folder || '/' AND path < :folder || '0') AS known
