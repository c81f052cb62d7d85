clock 2026-03-01T03:00:00Z
billing-run 2026-03-01
