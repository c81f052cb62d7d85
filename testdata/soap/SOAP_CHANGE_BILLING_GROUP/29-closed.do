terminate DEMO ${07:SUBSCRIPTION/ID}
close-account DEMO ${06:ACCOUNT/ID}
