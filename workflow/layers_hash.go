package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// HashLayers is a hash of all files that Load reads of the layers, the same wherever they
// lie. Those of layers that add nothing do not count.
func HashLayers(layers ...Layer) (string, error) {
	sum := sha256.New()
	for n, layer := range layers {
		err := fs.WalkDir(layer.FS, ".", func(name string, e fs.DirEntry, err error) error {
			switch folder, file := path.Split(name); {
			case err != nil:
				return err
			case e.IsDir() && name != "." && (strings.HasPrefix(e.Name(), ".") || folder != ""):
				return fs.SkipDir
			case e.IsDir(), folder == "" && file != typesFile, folder != "" && file != contractFile && file != scriptFile:
				return nil
			}
			src, err := fs.ReadFile(layer.FS, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%d %s %d\n", n, name, len(src))
			sum.Write(src)
			return nil
		})
		if err != nil {
			return "", fmt.Errorf("%s: %w", layer.Name, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
