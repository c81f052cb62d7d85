event 04 user.new_password
