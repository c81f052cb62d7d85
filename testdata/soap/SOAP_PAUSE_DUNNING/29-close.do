close-account DEMO ${28:ACCOUNT/ID}
