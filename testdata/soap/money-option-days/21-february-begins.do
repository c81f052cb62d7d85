clock 2026-01-31T23:00:00Z
billing-run 2026-02-01
