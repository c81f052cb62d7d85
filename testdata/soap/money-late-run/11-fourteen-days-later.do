clock 2026-05-19T03:00:00Z
billing-run 2026-05-19
