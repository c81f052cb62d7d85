event 27 user.new_password
