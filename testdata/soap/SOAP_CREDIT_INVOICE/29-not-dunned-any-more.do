clock 2026-03-02T03:00:00Z
billing-run 2026-03-02
