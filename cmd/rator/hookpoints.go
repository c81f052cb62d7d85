package main

import (
	"fmt"
	"os"

	"rator/workflow"
	"rator/workflow/hookpoints"
)

// hookpointsOf loads the shipped hookpoints with those of dirs over them.
func hookpointsOf(dirs []string) (*workflow.Set, error) {
	layers, err := layersOf(dirs)
	if err != nil {
		return nil, &openError{err}
	}
	set, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, mistakesError(mistakes)
	}
	return set, nil
}

// layersOf are the shipped hookpoint folders and those of dirs, a later one over an
// earlier.
func layersOf(dirs []string) ([]workflow.Layer, error) {
	layers := []workflow.Layer{shipped()}
	for _, dir := range dirs {
		layer, err := siteLayer(dir)
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	return layers, nil
}

// shipped is the layer of hookpoint folders in the binary.
func shipped() workflow.Layer { return workflow.Layer{Name: "shipped", FS: hookpoints.Folders} }

// siteLayer is a site's own directory of hookpoint folders.
func siteLayer(dir string) (workflow.Layer, error) {
	stat, err := os.Stat(dir)
	if err != nil {
		return workflow.Layer{}, fmt.Errorf("hookpoints: %w", err)
	}
	if !stat.IsDir() {
		return workflow.Layer{}, fmt.Errorf("hookpoints: %s is not a directory", dir)
	}
	return workflow.Layer{Name: dir, FS: os.DirFS(dir)}, nil
}
