clock 2026-05-04T03:00:00Z
billing-run 2026-05-04
