close-account DEMO ${21:ACCOUNT/ID}
