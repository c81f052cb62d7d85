package script

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// hostBuiltin is a builtin that asks the host for something.
type hostBuiltin func(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error)

// callComponent is call.NAME(KEY = value).
func callComponent(c *component.Component, in []*contract.Value) hostBuiltin {
	gives := shape{}
	if !c.Open {
		gives.out = append([]string{}, c.Out...)
	}
	step := "call." + c.Name
	return func(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		tree, err := r.arguments(step, args, keywords, in)
		if err != nil {
			return nil, err
		}
		out, err := r.traced(step, c.Name, KindComponent, func() (value.Tree, error) {
			return r.runtime.Host.Component(c, tree)
		})
		if err != nil {
			return nil, err
		}
		return &record{name: step, tree: out, shape: gives, run: r}, nil
	}
}

// callAPI is api.NAME(KEY = value).
func callAPI(hookpoint string, c *contract.Contract) hostBuiltin {
	var in []*contract.Value
	gives := shape{}
	if c != nil { // from the client's side the server may have hookpoints of its own
		in, gives = c.Request, declaredShape(c.Response)
	}
	step := "api." + hookpoint
	return func(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		tree, err := r.arguments(step, args, keywords, in)
		if err != nil {
			return nil, err
		}
		out, err := r.traced(step, hookpoint, KindAPI, func() (value.Tree, error) {
			return r.runtime.Host.API(hookpoint, tree)
		})
		if err != nil {
			return nil, err
		}
		return &record{name: step, tree: out, shape: gives, run: r}, nil
	}
}

// callHook is hook(name, key = …, KEY = value).
func callHook(bound func(name string) *contract.Contract) hostBuiltin {
	return func(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		h, values, err := r.hookOf(args, keywords)
		if err != nil {
			return nil, err
		}
		var in []*contract.Value
		gives := shape{}
		if c := bound(h.name); c != nil {
			in, gives = c.Request, declaredShape(c.Response)
		}
		tree, err := r.arguments("hook", nil, values, in)
		if err != nil {
			return nil, err
		}
		bound := false
		out, err := h.traced(r, func() (out value.Tree, err error) {
			out, bound, err = r.runtime.Host.Hook(h.name, h.key, tree)
			return out, err
		})
		if err != nil {
			return nil, err
		}
		if !bound {
			return starlark.None, nil
		}
		return &record{name: h.name, tree: out, shape: gives, run: r}, nil
	}
}

// hookIsBound stands before a hook whose values are worked out only where something is
// bound (lazyHook): it is None where nothing is, and then the step is done.
func hookIsBound(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	h, _, err := r.hookOf(args, keywords)
	if err != nil {
		return nil, err
	}
	if r.runtime.Host.Bound(h.name, h.key) {
		return starlark.True, nil
	}
	_, err = h.traced(r, func() (value.Tree, error) { return nil, nil })
	return starlark.None, err
}

// hook is what a script asks for by hook.
type hook struct{ name, key string }

// hookOf takes the arguments of hook apart, those that are the values for it left.
func (r *run) hookOf(args starlark.Tuple, keywords []starlark.Tuple) (h hook, values []starlark.Tuple, err error) {
	if h.name, err = firstText("hook", args, 1); err != nil {
		return h, nil, err
	}
	for _, pair := range keywords {
		if pair[0] != starlark.String("key") {
			values = append(values, pair)
			continue
		}
		if pair[1] != starlark.None {
			if h.key, err = r.budget.textOf(pair[1]); err != nil {
				return h, nil, err
			}
		}
	}
	return h, values, nil
}

func (h hook) traced(r *run, do func() (value.Tree, error)) (value.Tree, error) {
	return r.traced("hook "+h.name, strings.TrimSuffix(h.name+"@"+h.key, "@"), KindHook, do)
}

// arguments are the keywords as a tree, as declared says.
func (r *run) arguments(step string, args starlark.Tuple, keywords []starlark.Tuple, declared []*contract.Value) (value.Tree, error) {
	if len(args) > 0 {
		return nil, fmt.Errorf("%s takes KEY = value only", step)
	}
	tree := make(value.Tree, 0, len(keywords))
	for _, pair := range keywords {
		key := string(pair[0].(starlark.String))
		var err error
		if tree, err = r.appendEntry(tree, key, pair[1], contract.Find(declared, key), 1); err != nil {
			return nil, fmt.Errorf("%s: %w", step, err)
		}
	}
	return tree, nil
}

// fail is fail(CODE, text = None).
func fail(code func(string) *failure.Code) hostBuiltin {
	return func(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		var name, text string
		var given starlark.Value = starlark.None
		if err := starlark.UnpackArgs("fail", args, keywords, "code", &name, "text?", &given); err != nil {
			return nil, err
		}
		found := code(name)
		if found == nil {
			return nil, fmt.Errorf("fail: no code %s is declared", clip(name))
		}
		if given != starlark.None {
			var err error
			if text, err = r.budget.textOf(given); err != nil {
				return nil, err
			}
			if err := wellFormed("fail", text); err != nil {
				return nil, err
			}
		}
		return nil, &stepError{"fail", &failure.Error{Code: found, Text: failure.Text{"EN": clipMessage(text)}}}
	}
}

// emit is emit(topic, KEY = value).
func emit(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	topic, err := firstText("emit", args, 1)
	if err != nil {
		return nil, err
	}
	tree, err := r.arguments("emit", nil, keywords, nil)
	if err != nil {
		return nil, err
	}
	if err := r.budget.call(); err != nil {
		return nil, err
	}
	if err := r.runtime.Host.Emit(topic, tree); err != nil {
		return nil, &stepError{"emit " + topic, err}
	}
	return starlark.None, nil
}

// note is note(text).
func note(r *run, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 || len(keywords) > 0 {
		return nil, errors.New("note takes one value")
	}
	text, err := r.budget.textOf(args[0])
	if err != nil {
		return nil, err
	}
	text = clipMessage(text)
	_, err = r.traced("note", text, KindNote, func() (value.Tree, error) {
		r.runtime.Host.Note(text)
		return nil, nil
	})
	return starlark.None, err
}

// contextValue is context.KEY.
func contextValue(r *run, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	switch args[0] {
	case starlark.String("LANGUAGE"):
		return starlark.String(r.runtime.Language), nil
	case starlark.String("OPERATOR"):
		return starlark.String(r.runtime.Operator), nil
	}
	return starlark.String(r.runtime.Brand), nil
}

// contextKeys are what context has.
var contextKeys = []string{"BRAND_KEY", "LANGUAGE", "OPERATOR"}

// currentTime is now.
func currentTime(r *run, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return r.dateOf(r.runtime.Now), nil
}

// firstText unpacks the positional arguments of f: count of them, the first a text.
func firstText(f string, args starlark.Tuple, count int) (string, error) {
	if len(args) != count {
		return "", fmt.Errorf("%s takes %d value and keywords", f, count)
	}
	text, ok := starlark.AsString(args[0])
	if !ok {
		return "", fmt.Errorf("%s: the first value is a %s value, not a text", f, args[0].Type())
	}
	return text, nil
}
