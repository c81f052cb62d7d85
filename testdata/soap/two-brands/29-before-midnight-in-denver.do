clock 2026-01-03T06:59:59Z
run-due 0 0 0
