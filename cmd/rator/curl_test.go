package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// curlRequest is what curl would send, for the options that the pages use.
func curlRequest(ctx context.Context, words []string, stdin io.Reader) (*http.Request, error) {
	if words[0] != "curl" {
		return nil, fmt.Errorf("%q is no curl", words)
	}
	method, target, user, header := "", "", "", http.Header{}
	var body io.Reader
	for i := 1; i < len(words); i++ {
		switch word := words[i]; {
		case word == "-s":
			continue
		case !strings.HasPrefix(word, "-"):
			target = strings.Trim(word, `"`)
			continue
		case i+1 == len(words):
			return nil, fmt.Errorf("curl %s without a value", word)
		}
		value := words[i+1]
		switch words[i] {
		case "-u":
			user = value
		case "-H":
			name, v, _ := strings.Cut(value, ": ")
			header.Set(name, v)
		case "-X":
			method = value
		case "-d", "--data":
			if body = strings.NewReader(value); value == "@-" {
				body = stdin
			}
		default:
			return nil, fmt.Errorf("curl %s is not known here", words[i])
		}
		i++
	}
	if body != nil && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if body != nil && method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, err
	}
	r.Header = header
	if name, password, named := strings.Cut(user, ":"); named {
		r.SetBasicAuth(name, password)
	}
	return r, nil
}

// curlProcess is curl for pages that are played, also where there is none. Unlike curl
// it fails when the answer tells of an error, as a reader would see.
func curlProcess(words []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	words = append([]string{"curl"}, words[1:]...)
	r, err := curlRequest(context.Background(), words, stdin)
	if err == nil {
		err = sendAndShow(r, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 22
	}
	return 0
}

func sendAndShow(r *http.Request, out io.Writer) error {
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	_, _ = out.Write(text)
	switch _, code, said := strings.Cut(string(text), "<errorCode>"); {
	case err != nil:
		return err
	case w.StatusCode >= http.StatusBadRequest:
		return errors.New(w.Status)
	case said && !strings.HasPrefix(code, "0<"):
		return errors.New("an error code")
	}
	return nil
}
