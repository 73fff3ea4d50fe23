DELETE FROM stale WHERE folder <= :highest
