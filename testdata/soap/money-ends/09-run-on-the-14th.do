clock 2026-02-14T09:00:00Z
run-due 1 0 0
