package supervision

// Import is a list that was read.
type Import struct {
	ID        ImportID
	Kind      ImportKind
	Full      bool // what the list does not name ends
	Apply     bool // at once, if it has no faults
	Confirmed bool // even if more than a fifth of what is there would end
	State     ImportState
	Rows      []ImportRow
	Findings  []Finding
	Created   int
	Updated   int
	Unchanged int
	Ended     int
	IDs       map[string]UUID // external id → id
	Actor     Actor           // who made it
	MadeAt    Instant
	Version   int
}

// Faults counts the findings that keep the import from being applied; the others are warnings.
func (i Import) Faults() (n int) {
	for _, f := range i.Findings {
		if !f.Warning {
			n++
		}
	}
	return n
}

// ImportKind says what the rows of an import are.
type ImportKind string

const (
	ImportOrganisations ImportKind = "organisations"
	ImportPeople        ImportKind = "people"
	ImportLines         ImportKind = "lines"
	ImportPairs         ImportKind = "pairs"
)

// ImportState is where an import stands.
type ImportState string

const (
	ImportQueued  ImportState = "queued"
	ImportRunning ImportState = "running"
	ImportChecked ImportState = "checked"
	ImportApplied ImportState = "applied"
	ImportFailed  ImportState = "failed"
)

// ImportRow is one row: its line in the CSV text (the header is line 1) or its number among JSON rows, and its columns.
// Faults are what was found wrong while it was read; a row of which nothing could be read has no columns.
type ImportRow struct {
	Line    int               `json:"line"`
	Columns map[string]string `json:"columns,omitempty"`
	Faults  []Finding         `json:"faults,omitempty"`
}

// ListSeparator divides the values of a column that holds a list; no text that may be imported has it.
const ListSeparator = "\x1f"

// Finding is a fault or a warning of one row.
type Finding struct {
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
	Warning bool   `json:"warning,omitempty"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// Job is slow work that somebody asked for by hand, kept so that they can see what became of it.
type Job struct {
	ID         JobID
	Kind       string
	Subject    UUID // what it works on
	Wanted     int  // the version of the subject that ends it
	State      string
	FaultCode  string
	FaultText  string
	Retryable  bool
	Person     PersonID
	MadeAt     Instant
	FinishedAt Instant
	Version    int
}

// Audit is one step that was taken or refused. It holds no content.
type Audit struct {
	ID         AuditID
	At         Instant
	Actor      Actor
	Action     Action
	ObjectKind string
	Object     UUID
	Outcome    string // done, refused
	Request    UUID
	Note       string // why, where whoever took the step said so
}

// Change says that an object has a new version, or is gone; never what it holds.
type Change struct {
	Position int64 // given by the reading side, in the order of reading
	Kind     string
	Object   UUID
	Revision int
	Gone     bool
	At       Instant
}
