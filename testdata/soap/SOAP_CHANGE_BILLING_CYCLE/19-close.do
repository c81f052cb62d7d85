close-account DEMO ${18:ACCOUNT/ID}
