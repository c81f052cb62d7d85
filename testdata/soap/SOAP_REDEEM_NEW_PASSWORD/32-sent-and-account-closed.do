event 31 user.new_password
close-account DEMO ${02:ACCOUNT/ID}
