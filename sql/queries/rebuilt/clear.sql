DELETE FROM rebuilt
