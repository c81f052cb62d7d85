run-due 0 0 0
