close-account DEMO ${27:ACCOUNT/ID}
