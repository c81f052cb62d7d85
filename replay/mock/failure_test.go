package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/replay/mock"
)

func TestFailures(t *testing.T) {
	dir := folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer(""))
	for how, check := range map[string]func(got, error) bool{
		"100%":     func(a got, err error) bool { return err == nil && a.status == http.StatusServiceUnavailable },
		"100%:429": func(a got, err error) bool { return err == nil && a.status == http.StatusTooManyRequests },
		"100%:fault": func(a got, err error) bool {
			return err == nil && a.status == 500 && strings.Contains(a.body, "faultcode")
		},
		"100%:reset": func(_ got, err error) bool { return err != nil },
	} {
		fail, err := mock.ParseFailures([]string{how})
		if err != nil {
			t.Fatal(err)
		}
		s, url := serve(t, mock.Options{Fail: fail}, dir)
		var a got
		response, err := http.Post(url, "text/xml", strings.NewReader(ask("X", "")))
		if err == nil {
			a = read(t, response)
		}
		if !check(a, err) || s.Summary().Failed != 1 || s.Summary().Unused != 1 {
			t.Errorf("%s: %+v %v %+v", how, a, err, s.Summary())
		}
	}
}

func TestWrongFailuresAndDelays(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"2", `"2": a share is such as 2%`}, {"0%", "above 0"}, {"101%", "up to 100"}, {"2%:200", "a status from 400 to 599"},
		{"2%:slow", "reset or fault"}, {"60%,50%:reset", "110% in all"},
	} {
		if _, err := mock.ParseFailures(strings.Split(c.text, ",")); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.text, err)
		}
	}
	for _, c := range []struct{ text, says string }{
		{"", "is no quantile"}, {"20ms", "is no quantile"}, {"p50=20", "a time is such as 20ms"}, {"p50=1h", "up to 10m"}, {"p99=1s", "has no p50"},
		{"p50=2s,p99=1s", "is shorter than"}, {"p50=1s,p50=2s", "given twice"}, {"p50=-1s", "above 0"},
	} {
		if _, err := mock.ParseDelay(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}
