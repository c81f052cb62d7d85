close-account ${15:ACCOUNT/ID}
