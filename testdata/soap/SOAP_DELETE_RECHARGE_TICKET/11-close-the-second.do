close-account ${02:ACCOUNT/ID}
