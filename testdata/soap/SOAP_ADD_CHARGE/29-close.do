close-account ${28:ACCOUNT/ID}
