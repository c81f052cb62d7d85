terminate-subscription DEMO ${05:SUBSCRIPTION/ID}
