close-account DEMO ${03:ACCOUNT/ID}
