clock 2026-03-01T02:00:00Z
billing-run 2026-03-01
run-due 0 0 0
