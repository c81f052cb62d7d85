package main

import "slices"

// Names of what is measured. ours is this checkout, or the base: a ratio is of both.
const (
	ours    = "ours"
	this    = "this"
	base    = "base"
	gSOAP   = "gSOAP -O3"
	jaxWS   = "JAX-WS RI"
	node    = "node-soap"
	netHTTP = "net/http"
	loops   = "bbolt"
)

// quantity is one of the figures of a measurement.
type quantity string

const (
	cpu       quantity = "CPU"
	perSecond quantity = "rate"
	p50       quantity = "p50"
	p99       quantity = "p99"
	others    quantity = "others"
)

// figure names a number: what who showed at a work.
type figure struct {
	work string
	who  string
	of   quantity
}

// ratio is a figure of ours against one of somebody else, or of the base.
type ratio struct {
	group   string
	name    string
	of      figure
	against figure
	// more tells that the ratio says how many times as good ours is, and is to be at
	// least sign; else it says how many times as much ours takes, at most sign. 0 = it
	// is only shown.
	more       bool
	sign, goal float64
}

// value is of or against, each the right way round.
func (r ratio) value(of, against float64) float64 {
	if r.more && r.of.of != perSecond {
		return against / of // of two that take something the better takes less
	}
	return of / against
}

// The groups of ratios, which -only names.
const (
	groupEcho    = "echo"
	groupProfile = "profile"
	groupSignUp  = "sign-up"
	groupTMF     = "tmf"
)

// ratios are all that is said of a run, in the order of the table.
var ratios = []ratio{
	{groupEcho, "echo of 3 KB: CPU, gSOAP's against ours", figure{echo, ours, cpu}, figure{echo, gSOAP, cpu}, true, 0.85, 2},
	{groupEcho, "  a second, ours against gSOAP's", figure{echo, ours, perSecond}, figure{echo, gSOAP, perSecond}, true, 0, 0},
	{groupEcho, "  CPU, JAX-WS RI's against ours", figure{echo, ours, cpu}, figure{echo, jaxWS, cpu}, true, 0, 0},
	{groupEcho, "  CPU, node-soap's against ours", figure{echo, ours, cpu}, figure{echo, node, cpu}, true, 0, 0},
	{groupEcho, "  CPU, bare net/http's against ours", figure{echo, ours, cpu}, figure{echo, netHTTP, cpu}, true, 0, 0},
	{groupEcho, "  CPU, ours against base", figure{echo, ours, cpu}, figure{echo, base, cpu}, false, 0, 0},
	{groupProfile, "profile, one customer: CPU of gSOAP's echo against ours", figure{profile, ours, cpu}, figure{echo, gSOAP, cpu}, true, 0.4, 1},
	{groupProfile, "profile, many customers: CPU of gSOAP's echo against ours", figure{profiles, ours, cpu}, figure{echo, gSOAP, cpu}, true, 0.3, 1},
	{groupProfile, "  CPU, ours against base, one customer", figure{profile, ours, cpu}, figure{profile, base, cpu}, false, 0, 0},
	{groupProfile, "  CPU, ours against base, many customers", figure{profiles, ours, cpu}, figure{profiles, base, cpu}, false, 0, 0},
	{groupSignUp, "sign-up, 1 caller: p50, ours against frozen loop", figure{signUp1, ours, p50}, figure{frozen1, loops, p50}, false, 1.2, 1},
	{groupSignUp, "  p50, ours against loop of six puts", figure{signUp1, ours, p50}, figure{six1, loops, p50}, false, 0, 0},
	{groupSignUp, "  p50, ours against base", figure{signUp1, ours, p50}, figure{signUp1, base, p50}, false, 0, 0},
	{groupSignUp, "sign-up, 16 callers: a second, ours against frozen loop by 8", figure{signUp16, ours, perSecond}, figure{frozen8, loops, perSecond}, true, 0.6, 0.8},
	{groupSignUp, "  CPU, ours against base", figure{signUp16, ours, cpu}, figure{signUp16, base, cpu}, false, 0.5, 0.25},
	{groupSignUp, "  p99, ours against base", figure{signUp16, ours, p99}, figure{signUp16, base, p99}, false, 0.7, 0.3},
	{groupSignUp, "  a second, ours against base", figure{signUp16, ours, perSecond}, figure{signUp16, base, perSecond}, true, 0, 0},
	{groupSignUp, "sign-up, 64 callers: a second, ours against base", figure{signUp64, ours, perSecond}, figure{signUp64, base, perSecond}, true, 1.4, 2},
	{groupSignUp, "  a second, ours against frozen loop by 32", figure{signUp64, ours, perSecond}, figure{frozen32, loops, perSecond}, true, 0, 0},
	{groupTMF, "TM Forum read by id: CPU, ours against base", figure{tmfRead, ours, cpu}, figure{tmfRead, base, cpu}, false, 0.65, 0.3},
	{groupTMF, "TM Forum list of 20: CPU, ours against base", figure{tmfList, ours, cpu}, figure{tmfList, base, cpu}, false, 0.65, 0.3},
	{groupTMF, "TM Forum create: CPU, ours against base", figure{tmfCreate, ours, cpu}, figure{tmfCreate, base, cpu}, false, 0.65, 0.3},
}

func groups() (names []string) {
	for _, r := range ratios {
		if !slices.Contains(names, r.group) {
			names = append(names, r.group)
		}
	}
	return names
}

func contains(names []string, name string) bool { return slices.Contains(names, name) }

// wanted are the ratios of these groups, all if there are none.
func wanted(only []string) (some []ratio) {
	for _, r := range ratios {
		if len(only) == 0 || contains(only, r.group) {
			some = append(some, r)
		}
	}
	return some
}

// needs tells whether any of the ratios is of what who shows at a work.
func needs(some []ratio, work, who string) bool {
	return slices.ContainsFunc(some, func(r ratio) bool {
		is := func(f figure) bool {
			return f.work == work && (f.who == who || f.who == ours && (who == this || who == base))
		}
		return is(r.of) || is(r.against)
	})
}
