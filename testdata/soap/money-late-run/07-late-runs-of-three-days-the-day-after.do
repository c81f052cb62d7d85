clock 2026-05-05T03:00:00Z
billing-run 2026-05-05
billing-run 2026-05-05
billing-run 2026-05-04
