billing-run 2026-02-01
