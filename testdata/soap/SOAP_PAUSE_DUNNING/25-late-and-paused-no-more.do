billing-run 2026-03-31
