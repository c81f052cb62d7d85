clock 2026-04-02T03:00:00Z
billing-run 2026-04-02
