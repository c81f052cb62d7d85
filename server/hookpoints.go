package server

import (
	"fmt"
	"os"

	"rator/workflow"
	"rator/workflow/hookpoints"
)

// Hookpoints loads the shipped hookpoints with those of dirs over them.
func Hookpoints(dirs []string) (*workflow.Set, error) {
	layers, err := Layers(dirs)
	if err != nil {
		return nil, &OpenError{err}
	}
	set, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, MistakesError(mistakes)
	}
	return set, nil
}

// Layers are the shipped hookpoint folders and those of dirs, a later one over an
// earlier.
func Layers(dirs []string) ([]workflow.Layer, error) {
	layers := []workflow.Layer{Shipped()}
	for _, dir := range dirs {
		layer, err := SiteLayer(dir)
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	return layers, nil
}

// Shipped is the layer of hookpoint folders in the binary.
func Shipped() workflow.Layer { return workflow.Layer{Name: "shipped", FS: hookpoints.Folders} }

// SiteLayer is a site's own directory of hookpoint folders.
func SiteLayer(dir string) (workflow.Layer, error) {
	stat, err := os.Stat(dir)
	if err != nil {
		return workflow.Layer{}, fmt.Errorf("hookpoints: %w", err)
	}
	if !stat.IsDir() {
		return workflow.Layer{}, fmt.Errorf("hookpoints: %s is not a directory", dir)
	}
	return workflow.Layer{Name: dir, FS: os.DirFS(dir)}, nil
}
