close-account TEST ${32:ACCOUNT/ID}
clock 2026-05-31T11:00:00Z
