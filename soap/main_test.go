package soap_test

import (
	"testing"

	"rator/server/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }
