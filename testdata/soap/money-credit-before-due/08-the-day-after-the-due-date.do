clock 2026-02-16T03:00:00Z
billing-run 2026-02-16
