SELECT provenance.match_rule, provenance.sidecar, export.made_at, export.found_at
  FROM provenance
  LEFT JOIN export ON export.id = provenance.export
 WHERE provenance.item = :item
