clock 2026-01-13T00:00:00Z
run-due 0 1 0
run-due 0 0 0
