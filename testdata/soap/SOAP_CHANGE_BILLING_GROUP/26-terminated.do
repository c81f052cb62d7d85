terminate-subscription DEMO ${02:SUBSCRIPTION/ID}
