clock 2026-06-01T03:00:00Z
billing-run 2026-06-01
