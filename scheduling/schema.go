package scheduling

import _ "embed"

// InstanceSchema is the JSON Schema (2020-12) of the instance format, which Decode reads. Validate knows what a schema cannot
// say, such as references.
//
//go:embed instance.schema.json
var InstanceSchema string

// PlanSchema is the JSON Schema (2020-12) of a plan, which DecodePlan reads.
//
//go:embed plan.schema.json
var PlanSchema string
