package script_test

import (
	"fmt"
	"time"

	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// shop is a Host that keeps nothing and says what it was asked for.
type shop struct{}

func (shop) Component(c *component.Component, in value.Tree) (value.Tree, error) {
	fmt.Println("runs", c.Name, "for", in.Text("CODE"))
	if in.Text("CODE") != "TEA" {
		return nil, failure.InvalidRequest.With("%s is not sold", in.Text("CODE"))
	}
	return value.Tree{value.OfString("NAME", "Green tea"), value.OfDouble("PRICE", 4.5)}, nil
}

func (shop) API(hookpoint string, in value.Tree) (value.Tree, error) {
	fmt.Println("posts", hookpoint, "for", in.Text("CODE"))
	return value.Tree{value.OfDouble("TOTAL", 13.5)}, nil
}

func (shop) Hook(name, key string, in value.Tree) (out value.Tree, bound bool, err error) {
	fmt.Println("asks", name, "of", key)
	return nil, false, nil
}

func (shop) Bound(name, key string) bool            { return false }
func (shop) Savepoint(fn func() error) error        { return fn() }
func (shop) Emit(topic string, in value.Tree) error { return nil }
func (shop) Note(text string)                       { fmt.Println("notes", text) }

// shopEnv is what the scripts of the examples are compiled against: one component and
// the contract of one hookpoint.
func shopEnv() script.Env {
	article := &component.Component{Name: "article", Area: "Shop", Reads: true, Desc: "Look up what is sold.",
		In: []component.Param{{Key: "CODE", Type: value.String, Mandatory: true}}, Out: []string{"NAME", "PRICE"}}
	price, mistakes := contract.Parse("SHOP_PRICE/contract.xml", []byte(`<soapcall>
  <request>
    <hookpointKey>SHOP_PRICE</hookpointKey>
    <values>
      <value key="CODE" type="s" mandatory="true"/>
      <value key="QUANTITY" type="l" default="1"/>
    </values>
  </request>
  <response>
    <values>
      <value key="TOTAL" type="f" mandatory="true"/>
    </values>
  </response>
</soapcall>`), nil)
	for _, m := range mistakes {
		fmt.Println(m)
	}
	return script.Env{
		Component: func(name string) *component.Component {
			if name == article.Name {
				return article
			}
			return nil
		},
		ComponentNames: []string{article.Name},
		Contracts:      map[string]*contract.Contract{price.Hookpoint: price},
		Code:           failure.ByName,
	}
}

// shopRuntime is what every call brings to the script it runs.
func shopRuntime() *script.Runtime {
	return &script.Runtime{Host: shop{}, Language: "EN", Brand: "DEMO", Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Clock: time.Now}
}

// A hookpoint's script is compiled once and runs for each call, with the request as the
// contract brought it into shape. What it asks for, the Host does; the trace keeps it.
func Example() {
	program, mistakes := script.Compile("SHOP_PRICE/workflow.star", []byte(`
def run(p):
    a = call.article(CODE = p.CODE)
    hook("SHOP_DISCOUNT", key = p.CODE, QUANTITY = p.QUANTITY)
    note(str(p.QUANTITY) + " of " + a.NAME)
    return {"TOTAL": a.PRICE * p.QUANTITY}
`), "SHOP_PRICE", shopEnv())
	if len(mistakes) > 0 {
		fmt.Println(mistakes)
		return
	}
	runtime := shopRuntime()
	out, err := program.Run(runtime, value.Tree{value.OfString("CODE", "TEA"), value.OfLong("QUANTITY", 3)})
	fmt.Println("TOTAL", out.Text("TOTAL"), err)
	for _, step := range runtime.Trace {
		fmt.Println(step.Kind, step.Name)
	}
	// Output:
	// runs article for TEA
	// asks SHOP_DISCOUNT of TEA
	// notes 3 of Green tea
	// TOTAL 13.5 <nil>
	// component article
	// hook SHOP_DISCOUNT@TEA
	// note 3 of Green tea
}

// Every mistake is found when the script is loaded, with its place and what may be meant.
func ExampleCompile() {
	_, mistakes := script.Compile("SHOP_PRICE/workflow.star", []byte(`
def run(p):
    a = call.artcle(CODE = p.CODE)
    b = call.article(CODES = p.QUANTITIES)
    fail("SOLD_OUT")
    return {"SUM": b.PRISE}
`), "SHOP_PRICE", shopEnv())
	for _, m := range mistakes {
		fmt.Println(m)
	}
	// Output:
	// SHOP_PRICE/workflow.star:3:14: no component artcle (did you mean article?)
	// SHOP_PRICE/workflow.star:4:14: call.article: key CODE is missing
	// SHOP_PRICE/workflow.star:4:22: call.article has no key CODES (did you mean CODE?)
	// SHOP_PRICE/workflow.star:4:32: p has no QUANTITIES (did you mean QUANTITY?)
	// SHOP_PRICE/workflow.star:5:10: error SOLD_OUT is not declared in the contract's errors
	// SHOP_PRICE/workflow.star:6:5: output TOTAL is mandatory and not returned here
	// SHOP_PRICE/workflow.star:6:13: output SUM is not declared (known: TOTAL)
	// SHOP_PRICE/workflow.star:6:22: call.article has no PRISE (did you mean PRICE?)
}

// An error says where, and wraps why: here the code that a component refused with.
func ExampleProgram_Run() {
	program, _ := script.Compile("SHOP_PRICE/workflow.star", []byte(`
def run(p):
    first = attempt(call.article, CODE = "MATE")
    a = call.article(CODE = "TEA" if first.ok else p.CODE)
    return {"TOTAL": a.PRICE}
`), "SHOP_PRICE", shopEnv())
	_, err := program.Run(shopRuntime(), value.Tree{value.OfString("CODE", "SODA")})
	fmt.Println(err)
	fmt.Println(failure.CodeOf(err).Name)
	// Output:
	// runs article for MATE
	// runs article for SODA
	// SHOP_PRICE/workflow.star:4:9: call.article: INVALID_REQUEST: the request is not valid: SODA is not sold
	// INVALID_REQUEST
}

// From the client's side a script calls hookpoints only, each for itself, and its answer is
// JSON.
func ExampleCompileClient() {
	program, mistakes, warnings := script.CompileClient("basket.star", []byte(`
def run(p):
    sums = [api.SHOP_PRICE(CODE = c, QUANTITY = 3).TOTAL for c in p.CODES]
    return {"SUMS": sums}
`), []*contract.Value{{Key: "CODES", Type: value.String, List: true}}, shopEnv())
	if len(mistakes)+len(warnings) > 0 {
		fmt.Println(mistakes, warnings)
		return
	}
	out, err := program.RunClient(shopRuntime(), value.Tree{value.OfString("CODES", "TEA"), value.OfString("CODES", "MATE")})
	fmt.Println(string(out), err)
	// Output:
	// posts SHOP_PRICE for TEA
	// posts SHOP_PRICE for MATE
	// {"SUMS":[13.5,13.5]} <nil>
}
