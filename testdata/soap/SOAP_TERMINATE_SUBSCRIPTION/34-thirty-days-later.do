clock 2026-02-11T03:04:05Z
run-due 1 0 0
run-due 0 0 0
