package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
)

// everything is a contract with everything that one may say, as it is written.
const everything = `<?xml version="1.0" encoding="UTF-8"?>
<soapcall area="A &amp; B" objectkey="ACCOUNT/ID" reads="true" internal="true" optional="true" dynamickey="the plan" maxbytes="65536"
          desc="Says &quot;all&quot;, &lt;!>.">
  <request>
    <hookpointKey>ASK@PLAN_A</hookpointKey>
    <values>
      <value key="CODE" type="s" list="true" mandatory="true" regexp="[&lt;&amp;\s]+" maxlen="3" since="2" class="com.Code" desc="what's &lt;wanted>"/>
      <value key="KIND" type="l" enum="1|2" default="2"/>
      <value key="NOTE" type="s" default=""/>
      <value key="SSN" type="s" secret="true"/>
      <value key="PIN" type="s" secret="true"/>
      <value key="WORD" type="s" secret="password"/>
      <value key="REFERENCE" type="s" reference="true"/>
      <value key="TOKEN" type="s" secret="true" identifier="true"/>
      <value key="IMEI" type="s" identifier="false"/>
      <value key="OPEN" type="c"><values/></value>
      <value key="ACCOUNT" type="c">
        <values>
          <value key="ID" type="s" volatile="true"/>
        </values>
      </value>
    </values>
  </request>
  <response>
    <values/>
  </response>
  <errors>
    <error name="UNKNOWN_USER" desc="nobody"/>
    <error name="OWN" number="10001">
      <text lang="DK">nej &amp; nej</text>
      <text lang="EN">no</text>
    </error>
  </errors>
  <events>
    <event name="own.topic" desc="told">
      <values>
        <value key="WHEN" type="d"/>
      </values>
    </event>
  </events>
</soapcall>
`

func TestWriteSaysEverything(t *testing.T) {
	c, mistakes := contract.Parse("x.xml", []byte(everything), nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if diff := cmp.Diff(everything, string(c.XML())); diff != "" {
		t.Error(diff)
	}
}
