clock 2026-01-02T22:59:59Z
run-due 0 0 0
