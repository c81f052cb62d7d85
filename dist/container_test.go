package dist_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/suite"
)

// image packs a program as an image and gives its archive.
func image(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "rator"), "#!/bin/sh\n")
	archive, err := os.ReadFile(strings.TrimSpace(said(t, "container/build", filepath.Join(dir, "rator"), "2026.11.30+gabc", "amd64", dir)))
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// entries calls f for each entry of an archive.
func entries(t *testing.T, archive []byte, f func(*tar.Header, []byte)) {
	t.Helper()
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		f(h, content)
	}
}

// TestImage: an image has the program and a folder for the store, which alone its user may
// write to, and nothing else.
func TestImage(t *testing.T) {
	suite.Foreign(t, "buildah", "buildah", "--version")
	var config struct {
		Config struct {
			User                 string
			Entrypoint, Cmd, Env []string
			Volumes              map[string]any
		}
	}
	var tags []struct{ RepoTags []string }
	var files []string
	entries(t, image(t), func(h *tar.Header, content []byte) {
		switch {
		case h.Name == "manifest.json":
			if err := json.Unmarshal(content, &tags); err != nil {
				t.Error(err)
			}
		case strings.HasSuffix(h.Name, ".json"):
			if err := json.Unmarshal(content, &config); err != nil {
				t.Error(err)
			}
		case strings.HasSuffix(h.Name, ".tar") && h.Typeflag == tar.TypeReg:
			entries(t, content, func(h *tar.Header, _ []byte) {
				files = append(files, fmt.Sprintf("%s %o %d", strings.TrimSuffix(h.Name, "/"), h.Mode&0o777, h.Uid))
			})
		}
	})
	if want := []string{"data 700 65532", "usr 755 0", "usr/bin 755 0", "usr/bin/rator 755 0"}; !slices.Equal(sorted(files), want) {
		t.Errorf("the image holds %v, want %v", files, want)
	}
	if len(tags) != 1 || !slices.Equal(tags[0].RepoTags, []string{"localhost/rator:2026.11.30-gabc"}) {
		t.Errorf("the image is called %v", tags)
	}
	c := config.Config
	if c.User != "65532:65532" || !slices.Equal(c.Entrypoint, []string{"/usr/bin/rator"}) || !slices.Equal(c.Cmd, []string{"serve"}) || c.Volumes["/data"] == nil {
		t.Errorf("it is run as %+v", c)
	}
	for _, setting := range []string{"RATOR_STORE=/data/rator.db", "RATOR_LISTEN=0.0.0.0:8080"} {
		if !slices.Contains(c.Env, setting) {
			t.Errorf("its environment is %v, without %s", c.Env, setting)
		}
	}
}

func sorted(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}

// TestImageIsReproducible: the same program gives the same image.
func TestImageIsReproducible(t *testing.T) {
	suite.Foreign(t, "buildah", "buildah", "--version")
	t.Setenv("SOURCE_DATE_EPOCH", "1764460800")
	if !bytes.Equal(image(t), image(t)) {
		t.Error("two images of one program differ")
	}
}
