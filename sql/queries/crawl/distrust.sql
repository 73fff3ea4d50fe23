-- A listing that goes on needs no doubt: it will have seen everything.
UPDATE crawl SET incomplete = 1 WHERE cursor = 'changes'
