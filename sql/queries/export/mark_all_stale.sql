UPDATE export SET stale = 1
