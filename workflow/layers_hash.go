package workflow

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"strings"
)

// HashLayers is a hash of all files that Load reads of the layers, the same wherever they
// lie. Those of layers that add nothing do not count. Beside it stand hashes of the files of
// each hookpoint by its name, and of typesFile.
func HashLayers(layers ...Layer) (all string, each map[string]string, err error) {
	sum, sums := sha256.New(), map[string]hash.Hash{}
	for n, layer := range layers {
		err := fs.WalkDir(layer.FS, ".", func(name string, e fs.DirEntry, err error) error {
			folder, file := path.Split(name)
			switch {
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
			of := cmp.Or(strings.TrimSuffix(folder, "/"), typesFile)
			if sums[of] == nil {
				sums[of] = sha256.New()
			}
			for _, to := range []hash.Hash{sum, sums[of]} {
				fmt.Fprintf(to, "%d %s %d\n", n, name, len(src))
				to.Write(src)
			}
			return nil
		})
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", layer.Name, err)
		}
	}
	each = map[string]string{}
	for of, sum := range sums {
		each[of] = hex.EncodeToString(sum.Sum(nil)[:8]) // to tell two of a name apart
	}
	return hex.EncodeToString(sum.Sum(nil)), each, nil
}
