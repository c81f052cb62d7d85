terminate-subscription TEST ${04:SUBSCRIPTION/ID}
