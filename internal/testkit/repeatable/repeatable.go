// Package repeatable lets property tests draw the same cases each time, so that a change is judged by its own faults. Test
// files import it for its effect. Whoever looks for new cases says -rapid.seed=0, as make fuzz does.
package repeatable

import (
	"flag"

	_ "pgregory.net/rapid" // defines the flags
)

func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
}
