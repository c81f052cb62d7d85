close-account ${21:ACCOUNT/ID}
