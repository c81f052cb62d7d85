package tmf_test

import (
	"testing"

	"rator/server/servertest"
)

func TestOnBothEngines(t *testing.T) { servertest.OnBoth(t) }
