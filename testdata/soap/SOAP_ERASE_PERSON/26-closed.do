close-account TEST ${01:ACCOUNT/ID}
