clock 2026-04-20T03:00:00Z
billing-run 2026-02-01
billing-run 2026-03-01
billing-run 2026-04-01
billing-run 2026-04-20
