-- By way of the index on why: how many runs there were does not matter.
SELECT max(run) AS run FROM trash WHERE why = :why
