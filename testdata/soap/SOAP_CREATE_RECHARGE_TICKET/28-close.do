close-account DEMO ${15:ACCOUNT/ID}
