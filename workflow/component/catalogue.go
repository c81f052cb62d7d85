package component

import (
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/workflow/value"
)

const catalogueArea = "Catalogue"

func init() {
	register(Component{
		Name: "product_configs", Area: catalogueArea, Reads: true,
		Desc: "The product configurations that the brand sells as a list of PRODUCT_CONFIG, each with its RATE_PLAN and SERVICE_TYPES.",
		Out:  []string{"PRODUCT_CONFIG"},
		Run:  productConfigs,
	})
	register(Component{
		Name: "rate_plan_options", Area: catalogueArea, Reads: true,
		Desc:  "The options that a rate plan sells as a list of PRODUCT_OPTION, each with PRODUCT_SUB_OPTIONS. PRODUCT_ID, RATE_PLAN_ID and GROUP_ID, the only option wanted, are ids or keys.",
		In:    []Param{mandatory("PRODUCT_ID"), mandatory("RATE_PLAN_ID"), text("GROUP_ID")},
		Out:   []string{"PRODUCT_OPTION"},
		Fails: []*failure.Code{catalogue.UnknownProductCode, catalogue.UnknownRatePlan, catalogue.UnknownProductOption},
		Run:   ratePlanOptions,
	})
	register(Component{
		Name: "campaigns", Area: catalogueArea, Reads: true,
		Desc:  "The campaigns of a product, PRODUCT_ID or its code, that run on a date's calendar day, in the date's own zone, as a list of CAMPAIGN.",
		In:    []Param{mandatory("PRODUCT_ID"), {Key: "DATE", Type: value.Date, Mandatory: true}},
		Out:   []string{"CAMPAIGN"},
		Fails: []*failure.Code{catalogue.UnknownProductCode},
		Run:   campaigns,
	})
}

func productConfigs(c *Call, _ value.Tree) (value.Tree, error) {
	sold, err := catalogue.SoldProductConfigs(c.Tx, c.Brand)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(sold))
	for _, p := range sold {
		plan, err := catalogue.RatePlanByCode(c.Tx, c.Brand, p.RatePlan)
		if err != nil {
			return nil, err
		}
		var types value.Tree
		for _, code := range p.ServiceTypes {
			types = append(types, value.OfString("SERVICE_TYPE", code))
		}
		list = append(list, value.Of("PRODUCT_CONFIG",
			value.OfString("ID", p.CatalogueID), value.OfString("PRODUCT_CODE", p.Code), value.OfString("NAME", p.Name),
			value.OfString("DESCRIPTION", p.Description), value.OfString("BILLING_GROUP_TYPE", string(p.BillingGroupType)),
			value.OfString("CURRENCY", p.Currency), value.OfString("BILLING_CYCLE", string(p.BillingCycle)),
			value.OfLong("CREDIT_DAYS", int64(p.CreditDays)), value.OfLong("MAX_SUBSCRIPTIONS", int64(p.MaxSubscriptions)),
			value.Of("RATE_PLAN", value.OfString("ID", plan.CatalogueID), value.OfString("CODE", plan.Code),
				value.OfString("NAME", plan.Name), value.OfString("DESCRIPTION", plan.Description)),
			value.Of("SERVICE_TYPES", types...)))
	}
	return list, nil
}

func ratePlanOptions(c *Call, in value.Tree) (value.Tree, error) {
	if _, err := catalogue.ProductConfigNamed(c.Tx, c.Brand, in.Text("PRODUCT_ID")); err != nil {
		return nil, err
	}
	plan, err := catalogue.RatePlanNamed(c.Tx, c.Brand, in.Text("RATE_PLAN_ID"))
	if err != nil {
		return nil, err
	}
	var options []*catalogue.Option
	if group := in.Text("GROUP_ID"); group != "" {
		options, err = catalogue.OptionGroup(c.Tx, c.Brand, plan, group)
	} else {
		options, err = catalogue.OptionsOf(c.Tx, c.Brand, plan)
	}
	if err != nil {
		return nil, err
	}
	return offeredTree(c, "PRODUCT_OPTION", options), nil
}

// offeredTree is options with those below them, and what excludes what.
func offeredTree(c *Call, key string, options []*catalogue.Option) value.Tree {
	list := make(value.Tree, 0, len(options))
	for _, o := range options {
		list = append(list, value.Of(key, append(offered(c, o),
			value.OfString("EXCLUSIVE_GROUP", o.ExclusiveGroup), value.OfBoolean("EXCLUSIVE_SUB_OPTIONS", o.ExclusiveSubOptions),
			value.Of("PRODUCT_SUB_OPTIONS", offeredTree(c, "PRODUCT_SUB_OPTION", o.SubOptions)...))...))
	}
	return list
}

func campaigns(c *Call, in value.Tree) (value.Tree, error) {
	product, err := catalogue.ProductConfigNamed(c.Tx, c.Brand, in.Text("PRODUCT_ID"))
	if err != nil {
		return nil, err
	}
	at, err := c.mandatoryDate(in, "DATE")
	if err != nil {
		return nil, err
	}
	running, err := catalogue.CampaignsOf(c.Tx, c.Brand, product, at)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(running))
	for _, m := range running {
		var bundles value.Tree
		for _, kind := range m.Bundles {
			bundles = append(bundles, value.OfString("BUNDLE", kind))
		}
		from, to := m.Bounds()
		list = append(list, value.Of("CAMPAIGN",
			value.OfString("ID", m.CatalogueID), value.OfString("CODE", m.Code), value.OfString("NAME", m.Name),
			value.OfString("DESCRIPTION", m.Description), dayOrNull("VALID_FROM", from, at.Location()), dayOrNull("VALID_TO", to, at.Location()),
			value.Of("BUNDLES", bundles...)))
	}
	return list, nil
}

// dayOrNull is a calendar day as the midnight it begins with in a zone, null when
// there is none.
func dayOrNull(key string, day time.Time, zone *time.Location) value.Entry {
	if day.IsZero() {
		return value.OfNull(key, value.Date)
	}
	return value.OfDate(key, time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone))
}
