package record

// The indexes that more rooms than one go through.
const (
	ByAccount      = "account"
	BySubscription = "subscription"
	ByLiveUser     = "live_user" // subscriptions that are not TERMINATED, by their user

	// Of users.
	ByEmail      = "email"
	ByPersonalID = "personal_id"
	ByFirstName  = "first_name" // and last name
	ByLastName   = "last_name"  // and first name
	ByCompany    = "company"
)
