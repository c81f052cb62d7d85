close-account DEMO ${02:ACCOUNT/ID}
