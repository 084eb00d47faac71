package calendar_test

import _ "time/tzdata" // the tests must not depend on the machine's zones
