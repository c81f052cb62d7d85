clock 2026-02-01T03:00:00Z
billing-run 2026-02-01 1
