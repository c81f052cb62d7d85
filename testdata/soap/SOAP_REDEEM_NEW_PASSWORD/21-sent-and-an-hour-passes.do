event 20 user.new_password
clock 2026-01-02T04:04:05Z
