close-account DEMO ${01:ACCOUNT/ID}
