clock 2027-12-01T03:00:00Z
billing-run 2027-12-01
