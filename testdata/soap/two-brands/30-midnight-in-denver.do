clock 2026-01-03T07:00:00Z
run-due 1 0 0
