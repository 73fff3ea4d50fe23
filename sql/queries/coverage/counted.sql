SELECT source, items, elsewhere, bytes FROM held
