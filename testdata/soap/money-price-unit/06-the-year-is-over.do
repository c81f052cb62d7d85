clock 2026-12-31T23:00:00Z
billing-run 2027-01-01
