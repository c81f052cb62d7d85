event 23 user.new_password
clock 2026-01-02T05:04:04Z
