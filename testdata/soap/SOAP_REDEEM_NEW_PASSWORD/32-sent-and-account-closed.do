event 31 user.new_password
close-account ${02:ACCOUNT/ID}
