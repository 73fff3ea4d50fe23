SELECT count(*) AS items FROM provenance WHERE match_rule = 'takeout_none'
