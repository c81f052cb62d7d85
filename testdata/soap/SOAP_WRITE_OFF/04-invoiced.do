clock 2026-02-01T04:00:00Z
billing-run 2026-02-01
