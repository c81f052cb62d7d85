clock 2026-01-02T23:00:00Z
run-due 1 0 0
