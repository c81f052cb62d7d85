event 06 user.new_password
