close-account DEMO ${22:ACCOUNT/ID}
